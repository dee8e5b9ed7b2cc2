package dev.convene.systemtests.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.convene.protocol.Limits;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.ClientFrame;
import dev.convene.protocol.frame.ClientOperation;
import dev.convene.protocol.frame.FrameCodec;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.protocol.frame.SessionOperation;
import dev.convene.systemtests.RunningSystem;
import dev.convene.testkit.client.Refused;
import dev.convene.testkit.client.Surface;
import dev.convene.testkit.client.TestSession;
import dev.convene.testkit.client.TestSessions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The commands of the README and the examples of the protocol, as a newcomer would run them. */
class DocumentedExamplesTests {
    private static final Path README = Path.of("..", "README.md");
    private static final Path PROTOCOL = Path.of("..", "docs", "protocol.md");
    private static final FrameCodec JSON = FrameCodec.json(Limits.DEFAULT);
    private static final Pattern CLIENT_FRAME =
            Pattern.compile("<!-- example: client -->\n```json\n(.*?)```", Pattern.DOTALL);

    private final RunningSystem system = RunningSystem.shared();

    /** The code of a document in a language, as it would be for the address of this system. */
    private List<String> code(Path document, String language) throws IOException {
        List<String> blocks = new ArrayList<>();
        Matcher block =
                Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(document));
        while (block.find()) {
            blocks.add(
                    block.group(1).replace("localhost:8080", system.gatewayA().getAuthority()));
        }
        return blocks;
    }

    @Test
    void theTerminalsOfTheReadmeTalk() throws IOException {
        assumeTrue(Script.works("curl", "--version"), "there is no curl here");
        List<String> terminals = code(README, "bash");
        assertThat(terminals).hasSize(2);
        try (Script listener = Script.bash(terminals.getFirst())) {
            listener.awaitText("event:view");
            try (Script speaker = Script.bash(terminals.getLast())) {
                assertThat(speaker.exitStatus()).as(speaker.printed()).isZero();
                assertThat(speaker.printed()).contains("\"at\":\"default:");
            }
            listener.awaitText("event:message").awaitText("\"body\":\"hello\"");
        }
    }

    @Test
    void theBrowserCodeOfTheReadmeRuns() throws IOException {
        List<String> node = List.of("node", "--experimental-websocket", "--no-warnings");
        assumeTrue(
                Script.works(
                        "node",
                        "--experimental-websocket",
                        "-e",
                        "process.exit(typeof WebSocket === 'function' ? 0 : 1)"),
                "there is no Node with a WebSocket here");
        List<String> programs = code(README, "js");
        assertThat(programs).hasSize(1);
        try (Script program = Script.run(programs.getFirst(), ".mjs", node)) {
            program.awaitText("\"private\":\"#bob#").awaitText("\"body\":\"hi all\"");
        }
    }

    @Test
    void theHttpSessionOfTheProtocolRuns() throws IOException {
        assumeTrue(Script.works("curl", "--version"), "there is no curl here");
        List<String> sessions = code(PROTOCOL, "bash");
        assertThat(sessions).hasSize(1);
        try (Script session = Script.bash(sessions.getFirst())) {
            assertThat(session.exitStatus()).as(session.printed()).isZero();
            assertThat(session.printed())
                    .contains("\"reason\":\"join\"")
                    .contains("\"body\":{\"text\":\"hi\"}")
                    .contains("\"history\":true")
                    .contains("\"digest\"")
                    .doesNotContain("urn:convene:error");
        }
    }

    /**
     * A gateway does what it says, or refuses it for what is not there in this system, never for its form. The positions of
     * the examples are of another log.
     */
    @ParameterizedTest
    @EnumSource(Surface.class)
    void aGatewayUnderstandsEveryFrameOfTheProtocol(Surface surface) throws IOException {
        List<String> done = new ArrayList<>();
        try (TestSessions sessions = new TestSessions()) {
            Matcher frames = CLIENT_FRAME.matcher(Files.readString(PROTOCOL));
            while (frames.find()) {
                ClientFrame frame = JSON.decode(frames.group(1).getBytes(StandardCharsets.UTF_8));
                ClientOperation operation = frame.operation();
                if (operation instanceof SessionOperation.Connect || operation instanceof SessionOperation.Resume) {
                    continue;
                }
                try (TestSession session = sessions.connect(surface, system.gatewayA(), (String) null)) {
                    session.call(new GroupOperation.Join("lobby", null, "workers", null, null, 0));
                    session.call(new GroupOperation.Join("jobs", null, "workers", null, null, 0));
                    CompletableFuture<Answer> asked = session.send(operation);
                    try {
                        TestSessions.await(asked);
                        done.add(operation.operation());
                    } catch (Refused refused) {
                        assertThat(refused.code().number())
                                .as("%s: %s", frames.group(1), refused.getMessage())
                                .isGreaterThanOrEqualTo(1013)
                                .isLessThan(1900);
                    }
                }
            }
        }
        assertThat(done)
                .contains("close", "poll", "ping", "join", "leave", "multicast", "presence", "members", "settings");
    }
}
