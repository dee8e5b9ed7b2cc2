package dev.convene.testkit.reference;

import dev.convene.protocol.log.Decoder;
import dev.convene.protocol.log.Encoder;
import dev.convene.protocol.log.MalformedRecordException;

/** What stands in a partition of the log of locks. */
public sealed interface LockCommand {

    /**
     * A session wants a lock.
     *
     * @param waitMs how long it waits at most while somebody else has it, served milliseconds; 0 for not at all
     * @param leaseMs for how long it may have it at most, served milliseconds; 0 for as long as the session lives
     */
    record Acquire(String lock, long waitMs, long leaseMs) implements LockCommand {}

    /** The holder gives the lock back. */
    record Release(String lock) implements LockCommand {}

    /** Another partition has given this lock to somebody: one more grant to count here. */
    record CountGrant(String lock) implements LockCommand {}

    default byte[] toBytes() {
        Encoder out = new Encoder();
        switch (this) {
            case Acquire c -> out.u8(1).string(c.lock).varlong(c.waitMs).varlong(c.leaseMs);
            case Release c -> out.u8(2).string(c.lock);
            case CountGrant c -> out.u8(3).string(c.lock);
        }
        return out.toBytes();
    }

    static LockCommand read(byte[] bytes) {
        Decoder in = new Decoder(bytes);
        int kind = in.u8();
        return switch (kind) {
            case 1 -> new Acquire(in.string(), in.varlong(), in.varlong());
            case 2 -> new Release(in.string());
            case 3 -> new CountGrant(in.string());
            default -> throw new MalformedRecordException("no such lock command: " + kind);
        };
    }
}
