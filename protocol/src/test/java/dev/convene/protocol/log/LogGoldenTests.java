package dev.convene.protocol.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convene.protocol.group.GroupCommand;
import dev.convene.protocol.session.SessionCommand;
import dev.convene.protocol.session.SessionReply;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every kind of record keeps its bytes for ever, so that old logs stay readable: file by file against golden samples. */
class LogGoldenTests {
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);

    @Test
    void everyKindIsWrittenAsItsGoldenSample() {
        bytes().forEach((name, bytes) -> assertThat(HexFormat.of().formatHex(bytes))
                .as("golden/log/%s.hex", name)
                .isEqualTo(golden(name)));
    }

    @Test
    void everyKindIsReadFromItsGoldenSample() {
        Samples.entries().forEach((name, entry) -> {
            if (entry instanceof LogEntry.Command command) {
                LogEntry.Command read = (LogEntry.Command) LogEntry.read(goldenBytes(name), HELLO);
                assertThat(read.origin()).isEqualTo(command.origin());
                assertThat(read.body()).isEqualTo(command.body());
                assertThat(read.payload()).isEqualTo(command.payload());
            } else {
                assertThat(LogEntry.read(null, goldenBytes(name)).toBytes()).isEqualTo(entry.toBytes());
            }
        });
        Samples.sessionEvents()
                .forEach((name, event) -> assertThat(SessionEvent.read(new Decoder(goldenBytes(name))))
                        .isEqualTo(event));
        Samples.sessionCommands()
                .forEach((name, command) ->
                        assertThat(SessionCommand.read(goldenBytes(name))).isEqualTo(command));
        Samples.sessionReplies()
                .forEach((name, reply) ->
                        assertThat(SessionReply.read(goldenBytes(name))).isEqualTo(reply));
        Samples.groupCommands()
                .forEach((name, command) ->
                        assertThat(GroupCommand.read(goldenBytes(name), null)).isEqualTo(command));
        GroupCommand.Multicast read = (GroupCommand.Multicast) GroupCommand.read(
                goldenBytes("group-multicast"), Samples.multicast().payload());
        assertThat(read).usingRecursiveComparison().isEqualTo(Samples.multicast());
    }

    @Test
    void everyPermittedKindHasASample() {
        assertThat(Samples.entries().values().stream().map(Object::getClass))
                .containsExactlyInAnyOrder(kinds(LogEntry.class));
        assertThat(bytes().keySet().stream().filter(name -> name.startsWith("event-")))
                .hasSize(kinds(SessionEvent.class).length);
        assertThat(bytes().keySet().stream().filter(name -> name.startsWith("session-")))
                .hasSize(kinds(SessionCommand.class).length);
        assertThat(Samples.sessionReplies()).hasSize((int) Arrays.stream(kinds(SessionReply.class))
                .filter(kind -> kind != SessionReply.Domain.class)
                .count());
        assertThat(bytes().keySet().stream().filter(name -> name.startsWith("group-")))
                .hasSize((int) Arrays.stream(kinds(GroupCommand.class))
                        .filter(kind -> kind != GroupCommand.Cause.class)
                        .count());
    }

    private static Class<?>[] kinds(Class<?> sealed) {
        return sealed.getPermittedSubclasses();
    }

    @Test
    void aSampleCutShortAnywhereIsRefusedAndNothingElseHappens() {
        Samples.entries().forEach((name, entry) -> {
            byte[] bytes = entry.toBytes();
            for (int length = 0; length < bytes.length; length++) {
                byte[] cut = Arrays.copyOf(bytes, length);
                assertThatThrownBy(() -> LogEntry.read(null, cut))
                        .as("%s cut to %s bytes", name, cut.length)
                        .isInstanceOf(MalformedRecordException.class);
            }
        });
    }

    private static Map<String, byte[]> bytes() {
        Map<String, byte[]> bytes = new LinkedHashMap<>(Samples.others());
        Samples.entries().forEach((name, entry) -> bytes.put(name, entry.toBytes()));
        Samples.sessionEvents().forEach((name, event) -> {
            Encoder out = new Encoder();
            event.write(out);
            bytes.put(name, out.toBytes());
        });
        Samples.sessionCommands().forEach((name, command) -> bytes.put(name, command.toBytes()));
        Samples.sessionReplies().forEach((name, reply) -> bytes.put(name, reply.toBytes()));
        Samples.groupCommands().forEach((name, command) -> bytes.put(name, command.toBytes()));
        return bytes;
    }

    private static String golden(String name) {
        try (InputStream in = LogGoldenTests.class.getResourceAsStream("/golden/log/" + name + ".hex")) {
            assertThat(in).as("golden/log/%s.hex", name).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] goldenBytes(String name) {
        return HexFormat.of().parseHex(golden(name));
    }
}
