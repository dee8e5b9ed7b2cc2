package dev.convene.systemtests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.At;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.frame.Push;
import dev.convene.standalone.StandaloneApplication;
import dev.convene.systemtests.FreePorts;
import dev.convene.testkit.Contract;
import dev.convene.testkit.client.Positions;
import dev.convene.testkit.client.Surface;
import dev.convene.testkit.client.TestSession;
import dev.convene.testkit.client.TestSessions;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Everything in one process, killed, stopped and started again on the same data directory. */
@Tag("faults")
@Timeout(300)
class StandaloneTests {
    private static final int ACKNOWLEDGED_MIN = 300;
    private static final String GROUP = "room";

    @TempDir
    private Path data;

    private TestSessions sessions;

    @BeforeEach
    void newClient() {
        sessions = new TestSessions();
    }

    @AfterEach
    void closeClient() {
        sessions.close();
    }

    /** Sends one message after the other until the connection breaks. */
    private static final class Traffic {
        final List<String> acknowledged = new CopyOnWriteArrayList<>();
        private final Thread thread;

        Traffic(TestSession sender) {
            thread = Thread.ofPlatform().daemon().start(() -> send(sender));
        }

        private void send(TestSession sender) {
            try {
                for (int i = 0; i < 1_000_000; i++) {
                    String text = "message " + i;
                    sender.multicast(ServiceLevel.AGREED, text, GROUP);
                    acknowledged.add(text);
                }
            } catch (RuntimeException | AssertionError _) {
                // The process is gone.
            }
        }

        void awaitMany() {
            int before = acknowledged.size();
            ChildProcess.await(
                    "acknowledged messages",
                    Duration.ofSeconds(60),
                    () -> acknowledged.size() >= before + ACKNOWLEDGED_MIN);
        }

        void awaitEnd() {
            ChildProcess.await("the sender to notice", Duration.ofSeconds(60), () -> !thread.isAlive());
        }
    }

    @Contract("G59")
    @Test
    void afterKillNineEverythingAcknowledgedIsThereAndSessionsResume() {
        staysWhenItEndsBy(ChildProcess::kill);
    }

    @Test
    void ctrlCEndsItWithinFiveSecondsAndNothingIsLost() {
        staysWhenItEndsBy(process -> {
            process.interrupt();
            process.awaitEnd(Duration.ofSeconds(5));
        });
    }

    private void staysWhenItEndsBy(java.util.function.Consumer<ChildProcess> end) {
        try (Standalone standalone = new Standalone(data).awaitReady()) {
            TestSession sender = connect(standalone, "sender");
            TestSession receiver = connect(standalone, "receiver");
            sender.join(GROUP);
            receiver.join(GROUP);
            List<At> at = Positions.newest(receiver.drain());
            Traffic traffic = new Traffic(sender);
            traffic.awaitMany();
            end.accept(standalone.process());
            traffic.awaitEnd();

            standalone.startAgain().awaitReady();

            TestSessions.Resumption resumption =
                    sessions.resume(Surface.WS_JSON, standalone.address(), receiver.connected(), at);
            assertThat(resumption.answer().recovered()).isTrue();
            TestSession resumed = resumption.session();
            List<String> missed = texts(resumed.drain());
            // Of what was not acknowledged the last one may have been written.
            assertThat(missed).startsWith(traffic.acknowledged.toArray(String[]::new));
            assertThat(missed.size()).isBetween(traffic.acknowledged.size(), traffic.acknowledged.size() + 1);
            // It is still a member, and so is the other one once it has resumed.
            TestSession other = sessions.resume(
                            Surface.WS_JSON,
                            standalone.address(),
                            sender.connected(),
                            sender.connected().at())
                    .session();
            other.multicast(ServiceLevel.AGREED, "afterwards", GROUP);
            assertThat(texts(resumed.drain())).containsExactly("afterwards");
            other.close();
            resumed.close();
        }
    }

    private TestSession connect(Standalone standalone, String name) {
        return sessions.connect(Surface.WS_JSON, standalone.address(), name);
    }

    private static List<String> texts(List<Push> pushes) {
        return pushes.stream()
                .filter(Push.Message.class::isInstance)
                .map(Push.Message.class::cast)
                .filter(message -> message.groups().contains(GROUP))
                .map(message -> new String(message.body().bytes(), StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void operatorsAskWithTheLauncher() throws Exception {
        try (Standalone standalone = new Standalone(data).awaitReady()) {
            assertThat(standalone.process().isAlive()).isTrue();
            assertThat(launcher("ops", "shards", "--data-dir", data.toString()))
                    .startsWith("0 SHARD")
                    .contains("groups/0", "sessions/0", "owner", "local-group-service@");
            assertThat(launcher("ops", "skip", "groups", "0", "5", "--data-dir", data.toString()))
                    .isEqualTo("1 convene: groups/0 has not halted here: nothing is passed over\n");
            assertThat(launcher("ops", "epoch", "groups", "--dry-run", "--data-dir", data.toString()))
                    .startsWith("0 Would raise the epoch of groups from ");
            assertThat(launcher("ops", "behaviour", "groups", "2", "--data-dir", data.toString()))
                    .startsWith("1 convene: this version of Convene knows the behaviours 1 to 1 of groups");
            assertThat(launcher("ops", "digest", "sessions", "0", "--data-dir", data.toString()))
                    .contains("\"digest\":\"");
        }
        assertThat(launcher("ops", "shards", "--data-dir", data.toString()))
                .startsWith("1 ")
                .contains("no answer from");
    }

    private static String launcher(String... arguments) throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of("../convene"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() + " " + output;
    }

    @Test
    void aPortInUseIsSaidAndEndsTheStart() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ChildProcess process = ChildProcess.start(
                        "port-in-use",
                        StandaloneApplication.class.getName(),
                        0,
                        0,
                        List.of("--server.port=" + other.getLocalPort(), "--convene.data-dir=" + data))) {
            assertThat(process.awaitEnd(Duration.ofSeconds(60))).isNotZero();
            assertThat(process.tail())
                    .contains("Port " + other.getLocalPort() + " is in use; choose another one with --port.");
        }
    }

    @Test
    void aKafkaPortInUseIsSaidAndEndsTheStart() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                ChildProcess process = ChildProcess.start(
                        "kafka-port-in-use",
                        StandaloneApplication.class.getName(),
                        0,
                        0,
                        List.of(
                                "--server.port=" + FreePorts.next(),
                                "--convene.kafka.port=" + other.getLocalPort(),
                                "--convene.data-dir=" + data))) {
            assertThat(process.awaitEnd(Duration.ofSeconds(60))).isNotZero();
            assertThat(process.tail()).contains("cannot listen on 127.0.0.1:" + other.getLocalPort());
        }
    }

    @Test
    void aSettingThatDoesNotFitEndsTheStart() throws Exception {
        try (ChildProcess process = ChildProcess.start(
                "unfit-setting",
                StandaloneApplication.class.getName(),
                0,
                0,
                List.of(
                        "--server.port=" + FreePorts.next(),
                        "--convene.instance=a name with spaces",
                        "--convene.data-dir=" + data))) {
            assertThat(process.awaitEnd(Duration.ofSeconds(120))).isNotZero();
            assertThat(process.tail()).contains("The services did not start; the reason is above.");
        }
    }
}
