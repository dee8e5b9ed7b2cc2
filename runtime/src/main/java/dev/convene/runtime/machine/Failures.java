package dev.convene.runtime.machine;

import dev.convene.protocol.log.Decoder;
import dev.convene.protocol.log.Encoder;
import java.util.ArrayDeque;
import java.util.List;

/** Records that could not be read and commands whose check failed: counted, the last positions remembered. */
public final class Failures {
    /** A failure for a person: where, and what kind of exception. */
    public record Failure(long offset, String what) {}

    private long malformedCount;
    private long failedCount;
    private final ArrayDeque<Failure> last = new ArrayDeque<>();

    void malformed(long offset) {
        malformedCount++;
        remember(new Failure(offset, "malformed"));
    }

    void failed(long offset, RuntimeException e) {
        failedCount++;
        remember(new Failure(offset, e.getClass().getName()));
    }

    /** Records or commands whose bytes could not be read. */
    public long malformedCount() {
        return malformedCount;
    }

    /** Commands whose check threw; they were answered {@code internal}. */
    public long failedCount() {
        return failedCount;
    }

    /** The newest failures, oldest first, at most {@link MachineLimits#FAILURES_KEPT_MAX}. */
    public List<Failure> last() {
        return List.copyOf(last);
    }

    private void remember(Failure failure) {
        if (last.size() >= MachineLimits.FAILURES_KEPT_MAX) {
            last.removeFirst();
        }
        last.addLast(failure);
    }

    void write(Encoder out) {
        out.varlong(malformedCount).varlong(failedCount).varint(last.size());
        for (Failure failure : last) {
            out.varlong(failure.offset).string(failure.what);
        }
    }

    void read(Decoder in) {
        malformedCount = in.varlong();
        failedCount = in.varlong();
        int count = in.count(2);
        for (int i = 0; i < count; i++) {
            last.addLast(new Failure(in.varlong(), in.string()));
        }
    }
}
