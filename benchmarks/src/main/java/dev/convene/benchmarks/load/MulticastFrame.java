package dev.convene.benchmarks.load;

import java.nio.charset.StandardCharsets;

/**
 * The WebSocket frame of a multicast, made once; only its id and the stamp in its body are written anew for each message.
 * The mask is zero: the server has to unmask all the same, and the client saves it. Used by one thread at a time.
 */
public final class MulticastFrame {
    private static final int ID_DIGITS = 10;

    private final byte[] frame;
    private final int idAt;
    private final int bodyAt;

    private MulticastFrame(byte[] frame, int idAt, int bodyAt) {
        this.frame = frame;
        this.idAt = idAt;
        this.bodyAt = bodyAt;
    }

    /**
     * An agreed message to one group.
     *
     * @param bodyBytes size of the body
     * @param selfDiscard whether the sender gets none
     */
    public static MulticastFrame to(String group, int bodyBytes, boolean selfDiscard) {
        String head = "{\"id\":";
        String middle = ",\"multicast\":{\"group\":\"" + group + "\",\"service\":\"agreed\",\"body\":\"";
        String tail = "\"" + (selfDiscard ? ",\"selfDiscard\":true" : "") + "}}";
        String text = head
                + "0".repeat(ID_DIGITS)
                + middle
                + new String(Stamp.body(bodyBytes), StandardCharsets.US_ASCII)
                + tail;
        byte[] frame = WebSocketFrames.text(text);
        int payload = frame.length - text.length();
        int idAt = payload + head.length();
        return new MulticastFrame(frame, idAt, idAt + ID_DIGITS + middle.length());
    }

    /** The frame of one message; the array is used again by the next call. */
    byte[] of(long id, long dueNanos, long number) {
        Stamp.digits(frame, idAt, ID_DIGITS, id);
        Stamp.write(frame, bodyAt, dueNanos, number);
        return frame;
    }
}
