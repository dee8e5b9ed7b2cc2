package dev.convene.runtime.machine;

import dev.convene.protocol.log.Decoder;
import dev.convene.protocol.log.Encoder;
import dev.convene.protocol.log.MalformedRecordException;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The answers that a partition keeps for all of its requesters, in the order in which they were given, and how much they
 * take. The oldest of all is at hand, so that time and the budget take it without a search.
 *
 * <p>Who keeps more than its share pays first when the budget is used up: what a greedy requester adds costs its own oldest
 * answers, not those of others.
 */
final class KeptAnswers {
    private @Nullable Kept oldest;
    private @Nullable Kept newest;
    private int count;
    private long bytes;
    /** Requests of all requesters that wait for their answers. */
    private int waitingCount;

    int waitingCount() {
        return waitingCount;
    }

    long bytes() {
        return bytes;
    }

    void begun() {
        waitingCount++;
    }

    void waitEnded(int requests) {
        waitingCount -= requests;
    }

    /** The newest answer of all. */
    void add(Kept kept) {
        Kept before = newest;
        kept.older = before;
        if (before == null) {
            oldest = kept;
        } else {
            before.newer = kept;
        }
        newest = kept;
        count++;
        bytes += kept.bytes();
    }

    /** Takes an answer out; its requester has done so or does. */
    void remove(Kept kept) {
        Kept before = kept.older;
        Kept after = kept.newer;
        if (before == null) {
            oldest = after;
        } else {
            before.newer = after;
        }
        if (after == null) {
            newest = before;
        } else {
            after.older = before;
        }
        kept.older = null;
        kept.newer = null;
        count--;
        bytes -= kept.bytes();
    }

    /** Forgets answers until the budget is kept, after this requester was given one. */
    void trim(Requester last) {
        while (bytes > MachineLimits.KEPT_BYTES_OF_ALL_MAX) {
            Kept first = oldest;
            if (last.keptBytes() > MachineLimits.KEPT_BYTES_SHARE) {
                last.forgetOldest(this);
            } else if (first != null) {
                first.requester.forget(first, this);
            }
        }
    }

    /** When the oldest answer can be forgotten, served milliseconds; {@link Long#MAX_VALUE} if there is none. */
    long nextMs() {
        return oldest == null ? Long.MAX_VALUE : oldest.answeredMs + MachineLimits.KEPT_MS;
    }

    /** Forgets the answers that are old enough. */
    void expire(long nowMs) {
        Kept first;
        while ((first = oldest) != null && first.answeredMs + MachineLimits.KEPT_MS <= nowMs) {
            first.requester.forget(first, this);
        }
    }

    void write(Encoder out) {
        out.varint(count);
        for (Kept kept = oldest; kept != null; kept = kept.newer) {
            out.varlong(kept.requester.id());
            kept.write(out);
        }
    }

    /** @param requesters those that were read before */
    void read(Decoder in, LongFunction<@Nullable Requester> requesters) {
        int keptCount = in.count(8);
        for (int i = 0; i < keptCount; i++) {
            long id = in.varlong();
            Requester requester = requesters.apply(id);
            if (requester == null) {
                throw new MalformedRecordException("a snapshot keeps an answer for " + id + " that is not there");
            }
            Kept kept = Kept.read(in, requester);
            requester.restoreAnswered(kept);
            add(kept);
        }
    }
}
