package dev.convene.testkit.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convene.protocol.Position;
import dev.convene.protocol.log.Decoder;
import dev.convene.protocol.log.Encoder;
import dev.convene.protocol.log.LogEntry;
import dev.convene.protocol.log.MalformedRecordException;
import dev.convene.protocol.log.Origin;
import dev.convene.protocol.log.SessionEvent;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The binary log form: what is written is read, and no length is believed. */
class LogFormatTests {

    @Test
    void numbersRoundTrip() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            long value = random.nextLong() >> random.nextInt(64);
            int small = random.nextInt() >>> 1 + random.nextInt(30);
            Encoder out = new Encoder(1)
                    .varlong(value)
                    .zigzag(value)
                    .fixed64(value)
                    .varint(small)
                    .flag(i % 2 == 0);
            Decoder in = new Decoder(out.toBytes());
            assertThat(in.varlong()).isEqualTo(value);
            assertThat(in.zigzag()).isEqualTo(value);
            assertThat(in.fixed64()).isEqualTo(value);
            assertThat(in.varint()).isEqualTo(small);
            assertThat(in.flag()).isEqualTo(i % 2 == 0);
            assertThat(in.remaining()).isZero();
        }
    }

    @Test
    void stringsRoundTripWhateverTheirLengthAndLetters() {
        String letters = "a\u0000\u007f\u0080\u00e9\u20ac\ud83d\ude00";
        for (int length = 0; length < 300; length++) {
            String ascii = "x".repeat(length);
            String mixed = letters.repeat(length / 8 + 1);
            byte[] bytes = new Encoder(1)
                    .string(ascii)
                    .string(mixed)
                    .string(ascii + mixed)
                    .toBytes();
            Decoder in = new Decoder(bytes);
            assertThat(in.string()).isEqualTo(ascii);
            assertThat(in.string()).isEqualTo(mixed);
            assertThat(in.string()).isEqualTo(ascii + mixed);
        }
    }

    @Test
    void anImpossibleLengthIsRefusedBeforeAnythingIsAllocated() {
        byte[] huge = new Encoder().varint(Integer.MAX_VALUE).u8(1).toBytes();
        assertThatThrownBy(() -> new Decoder(huge).bytes()).isInstanceOf(MalformedRecordException.class);
        assertThatThrownBy(() -> new Decoder(huge).string()).isInstanceOf(MalformedRecordException.class);
        assertThatThrownBy(() -> new Decoder(huge).count(8)).isInstanceOf(MalformedRecordException.class);
        assertThatThrownBy(() -> new Decoder(new byte[11]).slice(12)).isInstanceOf(MalformedRecordException.class);
        byte[] endless = new byte[11];
        java.util.Arrays.fill(endless, (byte) 0xFF);
        assertThatThrownBy(() -> new Decoder(endless).varlong()).isInstanceOf(MalformedRecordException.class);
    }

    @Test
    void everyKindOfRecordRoundTrips() {
        Origin origin = new Origin(5, 6, 7, 8, 9, 10, "key");
        List<LogEntry> entries = List.of(
                new LogEntry.Term(3, "instance"),
                new LogEntry.Tick(3, 4, 5),
                new LogEntry.Skip(77),
                new LogEntry.Behaviour(2),
                new LogEntry.Probe(-1),
                new LogEntry.Progress(5, List.of(new LogEntry.Confirmation(6, 7, new Position(8, 9)))),
                new LogEntry.Confirmations(5, List.of(new LogEntry.Confirmation(6, 7, new Position(8, 9)))));
        for (LogEntry entry : entries) {
            assertThat(LogEntry.read(null, entry.toBytes())).isEqualTo(entry);
        }
        LogEntry.Command command = new LogEntry.Command(origin, new byte[] {1, 2}, null);
        LogEntry read = LogEntry.read(null, new LogEntry.Commands(List.of(command, command)).toBytes());
        assertThat(read).usingRecursiveComparison().isEqualTo(new LogEntry.Commands(List.of(command, command)));
        LogEntry.Command message = new LogEntry.Command(origin, new byte[] {1, 2}, new byte[] {3});
        assertThat(LogEntry.read(message.toBytes(), new byte[] {3}))
                .usingRecursiveComparison()
                .isEqualTo(message);
        LogEntry.Forwards forwards = new LogEntry.Forwards(
                "log", 4, "epoch", List.of(new LogEntry.Forward(new Position(1, 2), true, new byte[] {3})));
        assertThat(LogEntry.read(null, forwards.toBytes()))
                .usingRecursiveComparison()
                .isEqualTo(forwards);
    }

    @Test
    void everySessionEventRoundTrips() {
        List<SessionEvent> events = List.of(
                new SessionEvent.GatewayAttached(1, "gw"),
                new SessionEvent.GatewayLost(2),
                new SessionEvent.SessionAttached(3, 4, 5, "#a#gw", true),
                new SessionEvent.SessionSuspended(6, 7),
                new SessionEvent.SessionResumed(8, 9, 10),
                new SessionEvent.SessionEnded(11, true),
                new SessionEvent.GatewayExpired(12, new long[] {13, 14}));
        for (SessionEvent event : events) {
            Encoder out = new Encoder();
            event.write(out);
            assertThat(SessionEvent.read(new Decoder(out.toBytes())))
                    .usingRecursiveComparison()
                    .isEqualTo(event);
        }
    }
}
