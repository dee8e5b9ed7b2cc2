package dev.convene.protocol.log;

/**
 * Where a command comes from; it decides whether a reader accepts it.
 *
 * @param incarnation the life of the gateway that appended it: the position of its registration in the sessions log
 * @param requester the session's id, or the incarnation itself when the gateway asks for itself or for a client
 *     without a session
 * @param epoch the session's epoch, raised by every resume; 0 when the gateway asks
 * @param number the request's number for this requester in this partition, from 1 without gaps; 0 when the command is
 *     neither numbered nor answered
 * @param ref what the requester calls the request; comes back with the answer
 * @param seq the client's own rising number of the request, 0 if it gave none
 * @param key the client's idempotency key with its {@linkplain dev.convene.protocol.Tenants tenant}, empty if it gave none
 */
public record Origin(long incarnation, long requester, int epoch, long number, long ref, long seq, String key) {

    public boolean isGateway() {
        return requester == incarnation;
    }

    public void write(Encoder out) {
        out.varlong(incarnation)
                .varlong(requester)
                .varint(epoch)
                .varlong(number)
                .varlong(ref)
                .varlong(seq)
                .string(key);
    }

    public static Origin read(Decoder in) {
        return new Origin(
                in.varlong(), in.varlong(), in.varint(), in.varlong(), in.varlong(), in.varlong(), in.string());
    }
}
