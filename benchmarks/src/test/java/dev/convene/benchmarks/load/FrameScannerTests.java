package dev.convene.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.At;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Limits;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.Body;
import dev.convene.protocol.frame.ClientFrame;
import dev.convene.protocol.frame.FrameCodec;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.protocol.frame.Push;
import dev.convene.protocol.frame.ServerFrame;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The scanner against frames as the gateway's own codec writes them. */
class FrameScannerTests {
    private static final FrameCodec CODEC = FrameCodec.json(Limits.DEFAULT);
    private static final At AT = At.parse("default:7kq2-1:1043.2", "at");

    private final List<String> found = new ArrayList<>();

    private static Push.Message message(Body body, String correlation) {
        return new Push.Message(
                AT, "#a#gw", List.of("lobby"), ServiceLevel.AGREED, 7, body, null, correlation, false, true, null);
    }

    private static Body stamped(long dueNanos) {
        byte[] body = Stamp.body(64);
        Stamp.write(body, 0, dueNanos, 5);
        return Body.ofText(new String(body, StandardCharsets.US_ASCII));
    }

    private List<String> scan(ServerFrame frame) {
        byte[] text = CODEC.encode(frame);
        // Amid other bytes, as in the buffer of a connection.
        byte[] buffer = new byte[text.length + 20];
        System.arraycopy(text, 0, buffer, 10, text.length);
        FrameScanner.scan(buffer, 10, 10 + text.length, new FrameScanner.Found() {
            @Override
            public void message(byte[] bytes, int at, int atLength, long dueNanos) {
                found.add("message " + text(bytes, at, at + atLength) + " " + dueNanos);
            }

            @Override
            public void answer(long id, boolean ok, byte[] bytes, int begin, int end) {
                found.add("answer " + id + " " + ok);
            }

            @Override
            public void other(byte[] bytes, int begin, int end) {
                found.add("other " + text(bytes, begin, end));
            }

            @Override
            public void ping() {
                found.add("ping");
            }

            @Override
            public void closing(String reason) {
                found.add("closing");
            }
        });
        return found;
    }

    private static String text(byte[] bytes, int begin, int end) {
        return new String(bytes, begin, end - begin, StandardCharsets.UTF_8);
    }

    @Test
    void findsPositionAndTimeOfAMessage() {
        assertThat(scan(message(stamped(123_456_789L), null))).containsExactly("message " + AT + " 123456789");
    }

    @Test
    void findsEveryPushOfABatch() {
        Push left = new Push.Left(AT, "odd ]}\"{ name");
        assertThat(scan(new ServerFrame.Batch(
                        List.of(message(stamped(1), "}\"]}"), left, message(stamped(Long.MAX_VALUE), null)))))
                .containsExactly(
                        "message " + AT + " 1",
                        "other " + new String(CODEC.encode(left), StandardCharsets.UTF_8),
                        "message " + AT + " " + Long.MAX_VALUE);
    }

    @Test
    void takesAMessageWithoutAStampForSomethingElse() {
        assertThat(scan(message(Body.ofText("hi"), null)))
                .singleElement()
                .asString()
                .startsWith("other {\"message\":");
    }

    @Test
    void tellsAnswersFromRefusals() {
        scan(new ServerFrame.Ok(1_000_000_000L, Answer.Accepted.at(AT)));
        scan(ServerFrame.Failure.of(new ConveneException(ErrorCode.OVERLOADED).answering(12)));
        assertThat(found).containsExactly("answer 1000000000 true", "answer 12 false");
    }

    @Test
    void knowsTheFramesThatAreNoPushes() {
        scan(new ServerFrame.Heartbeat());
        scan(new ServerFrame.Closing(4001, "bye"));
        assertThat(found).containsExactly("ping", "closing");
    }

    @Test
    void sendsMulticastsThatTheGatewayReads() {
        byte[] frame = MulticastFrame.to("lobby", 64, true).of(1_000_000_007L, 99, 5);

        int header = 8;

        ClientFrame read = CODEC.decode(frame, header, frame.length - header);
        assertThat(read)
                .isEqualTo(new ClientFrame(
                        1_000_000_007L,
                        new GroupOperation.Multicast(
                                List.of("lobby"), ServiceLevel.AGREED, 0, stamped(99), true, null, 0, null, null)));
    }
}
