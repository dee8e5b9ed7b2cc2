package dev.convene.protocol.log;

import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Position;
import org.jspecify.annotations.Nullable;

/**
 * What a shard answers to a request.
 *
 * @param code 0 for success, else an {@link ErrorCode} number
 * @param at where the request was applied (not where it was answered, when it waited)
 * @param duplicate whether the same request (by sequence number or idempotency key) was applied there before
 * @param body the capability's own reply, often empty
 */
public record Answer(int code, Position at, boolean duplicate, byte[] body) {
    private static final byte[] EMPTY = {};

    public static Answer ok(Position at) {
        return new Answer(0, at, false, EMPTY);
    }

    public static Answer ok(Position at, byte[] body) {
        return new Answer(0, at, false, body);
    }

    public static Answer error(ErrorCode code, Position at) {
        return new Answer(code.number(), at, false, EMPTY);
    }

    /** The same answer, marked as that of an earlier application. */
    public Answer asDuplicate() {
        return duplicate ? this : new Answer(code, at, true, body);
    }

    public boolean isOk() {
        return code == 0;
    }

    /** The error, or null for success. A number that this version does not know reads as internal. */
    public @Nullable ErrorCode error() {
        if (code == 0) {
            return null;
        }
        ErrorCode known = ErrorCode.ofNumber(code);
        return known == null ? ErrorCode.INTERNAL : known;
    }

    /** Whether nothing happened and the same request may succeed later: it is not done with by this answer. */
    public boolean isTemporaryRefusal() {
        ErrorCode error = error();
        return error != null && error.isTemporary() && error.happened() == ErrorCode.Happened.NO;
    }

    public void write(Encoder out) {
        out.varint(code).varlong(at.offset()).varint(at.index()).flag(duplicate).bytes(body);
    }

    public static Answer read(Decoder in) {
        return new Answer(in.varint(), new Position(in.varlong(), in.varint()), in.flag(), in.bytes());
    }
}
