package dev.convene.gateway.core.delivery;

import dev.convene.protocol.At;
import dev.convene.protocol.frame.BarePush;
import dev.convene.protocol.frame.FrameCodec;
import dev.convene.protocol.frame.Push;
import dev.convene.protocol.value.Encoding;
import org.jspecify.annotations.Nullable;

/**
 * A push that all of its receivers share. It is encoded when first asked for, once per encoding; the bytes are a whole frame
 * and an element of a batch frame alike ({@link FrameCodec#batch()}). Thread-safe.
 */
public sealed class SharedPush permits ReplyPush {
    /** What a push costs beside its payload, bytes; an estimate for bounds. */
    private static final int OVERHEAD_BYTES = 160;

    private final Push push;
    private final @Nullable At at;
    private final int bytes;
    private final boolean droppable;
    private volatile byte @Nullable [] json;
    private volatile byte @Nullable [] cbor;

    /**
     * @param push with qualified names; what is shared has bare ones
     * @param payloadBytes size of what dominates it: the body, the member list
     * @param droppable whether it may be dropped under load
     */
    public SharedPush(Push push, int payloadBytes, boolean droppable) {
        this.push = BarePush.of(push);
        this.at = push.at();
        this.bytes = payloadBytes + OVERHEAD_BYTES;
        this.droppable = droppable;
    }

    /** What its receivers see. */
    public final Push push() {
        return push;
    }

    /** Where it stands, in a qualified domain; null for one without a place. */
    public final @Nullable At at() {
        return at;
    }

    /** What it counts for in bounds, in bytes; about the size of its encoding. */
    public final int bytes() {
        return bytes;
    }

    /** Whether it may be dropped under load: an unreliable message. */
    public final boolean isDroppable() {
        return droppable;
    }

    /** The push in the codec's encoding. The array is shared by all receivers: do not change it. */
    public final byte[] encoded(FrameCodec codec) {
        boolean asJson = codec.encoding() == Encoding.JSON;
        byte[] known = asJson ? json : cbor;
        return known != null ? known : encode(codec, asJson);
    }

    private synchronized byte[] encode(FrameCodec codec, boolean asJson) {
        byte[] known = asJson ? json : cbor;
        if (known != null) {
            return known;
        }
        byte[] encoded = codec.encode(push);
        if (asJson) {
            json = encoded;
        } else {
            cbor = encoded;
        }
        return encoded;
    }
}
