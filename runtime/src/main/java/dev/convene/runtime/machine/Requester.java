package dev.convene.runtime.machine;

import dev.convene.protocol.Position;
import dev.convene.protocol.log.Answer;
import dev.convene.protocol.log.Decoder;
import dev.convene.protocol.log.Encoder;
import dev.convene.protocol.log.Origin;
import dev.convene.runtime.Attachment;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whoever numbers requests in this partition: a session, or a gateway life asking for itself. Remembers the last number
 * and, within bounds, the requests that wait and the answers that were given.
 */
final class Requester implements Attachment {
    private final long id;
    private final String privateName;
    private final boolean membership;
    /**
     * Its client has everything up to this: the record that attached it here, then what the client has confirmed. Null if
     * that is not known, and for a gateway life.
     */
    private @Nullable Position reached;

    private int epoch;
    private long incarnation;
    private boolean suspended;
    private long lastNumber;
    private long lastSeq;
    /** By number; both maps are made when first needed: most sessions are idle. */
    private @Nullable LinkedHashMap<Long, Kept> waiting;
    /** The newest of those that wait, not in the map yet: most are answered in the same record. */
    private @Nullable Kept begun;

    private @Nullable LinkedHashMap<Long, Kept> answered;
    private int keptBytes;

    Requester(
            long id, int epoch, long incarnation, String privateName, boolean membership, @Nullable Position reached) {
        this.id = id;
        this.epoch = epoch;
        this.incarnation = incarnation;
        this.privateName = privateName;
        this.membership = membership;
        this.reached = reached;
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public String privateName() {
        return privateName;
    }

    @Override
    public boolean membership() {
        return membership;
    }

    @Override
    public int epoch() {
        return epoch;
    }

    @Override
    public long incarnation() {
        return incarnation;
    }

    @Override
    public boolean isSuspended() {
        return suspended;
    }

    long lastNumber() {
        return lastNumber;
    }

    long lastSeq() {
        return lastSeq;
    }

    @Nullable Position reached() {
        return reached;
    }

    /** Its client has everything up to this; nobody has anything of the record that says so, or of a later one. */
    void reached(Position upTo, Position now) {
        Position known = reached;
        if (now.isAfter(upTo) && (known == null || upTo.isAfter(known))) {
            reached = upTo;
        }
    }

    boolean isGateway() {
        return id == incarnation && privateName.isEmpty();
    }

    void suspend() {
        suspended = true;
    }

    void resume(int newEpoch, long newIncarnation) {
        epoch = newEpoch;
        incarnation = newIncarnation;
        suspended = false;
    }

    int waitingCount() {
        return (waiting == null ? 0 : waiting.size()) + (begun == null ? 0 : 1);
    }

    /** Counts the request without keeping it. */
    void count(Origin origin) {
        lastNumber = origin.number();
        lastSeq = Math.max(lastSeq, origin.seq());
    }

    /**
     * Counts the request and keeps it as waiting for its answer.
     *
     * @param key the idempotency key under which it counts, empty if none
     */
    void begin(Origin origin, String key, KeptAnswers all) {
        count(origin);
        settle();
        begun = Kept.waiting(this, origin, key);
        all.begun();
    }

    /** All that wait, oldest first. */
    private @Nullable LinkedHashMap<Long, Kept> settle() {
        Kept newest = begun;
        if (newest != null) {
            if (waiting == null) {
                waiting = new LinkedHashMap<>();
            }
            waiting.put(newest.number, newest);
            begun = null;
        }
        return waiting;
    }

    private @Nullable Kept takeWaiting(long number) {
        Kept newest = begun;
        if (newest != null && newest.number == number) {
            begun = null;
            return newest;
        }
        Kept kept = waiting == null ? null : waiting.remove(number);
        if (waiting != null && waiting.isEmpty()) {
            waiting = null;
        }
        return kept;
    }

    /** Keeps the answer of a waiting request, within bounds; null if the request does not wait. */
    @Nullable Kept end(long number, Answer answer, Position effect, long servedMs, KeptAnswers all) {
        Kept kept = takeWaiting(number);
        if (kept == null) {
            return null;
        }
        all.waitEnded(1);
        kept.answered(answer, effect, servedMs);
        restoreAnswered(kept);
        all.add(kept);
        while (answeredCount() > MachineLimits.KEPT_ANSWERS_MAX || keptBytes > MachineLimits.KEPT_BYTES_MAX) {
            forgetOldest(all);
        }
        all.trim(this);
        return kept;
    }

    private int answeredCount() {
        return answered == null ? 0 : answered.size();
    }

    /** What the kept answers take, about. */
    int keptBytes() {
        return keptBytes;
    }

    void restoreAnswered(Kept kept) {
        if (answered == null) {
            answered = new LinkedHashMap<>();
        }
        answered.put(kept.number, kept);
        keptBytes += kept.bytes();
    }

    /** Forgets the oldest of its answers. */
    void forgetOldest(KeptAnswers all) {
        if (answered != null) {
            Iterator<Kept> each = answered.values().iterator();
            if (each.hasNext()) {
                Kept oldest = each.next();
                each.remove();
                forgotten(oldest, all);
            }
        }
    }

    /** Forgets one of its answers. */
    void forget(Kept kept, KeptAnswers all) {
        if (answered != null && answered.remove(kept.number, kept)) {
            forgotten(kept, all);
        }
    }

    private void forgotten(Kept kept, KeptAnswers all) {
        keptBytes -= kept.bytes();
        all.remove(kept);
        if (answered != null && answered.isEmpty()) {
            answered = null;
        }
    }

    /** Nothing of it stays. */
    void forgetAll(KeptAnswers all) {
        answered().forEach(all::remove);
        answered = null;
        keptBytes = 0;
        all.waitEnded(waitingCount());
        waiting = null;
        begun = null;
    }

    boolean isWaiting(long number) {
        Kept newest = begun;
        return newest != null && newest.number == number || waiting != null && waiting.containsKey(number);
    }

    /** The request that came under this number, first or again. */
    @Nullable Kept keptByNumber(long number) {
        LinkedHashMap<Long, Kept> waits = settle();
        Kept kept = waits == null ? null : waits.get(number);
        if (kept == null && answered != null) {
            kept = answered.get(number);
        }
        if (kept == null) {
            kept = joinedBy(waits, number);
        }
        return kept != null ? kept : joinedBy(answered, number);
    }

    private static @Nullable Kept joinedBy(@Nullable Map<Long, Kept> kept, long number) {
        if (kept != null) {
            for (Kept one : kept.values()) {
                if (one.isJoinedBy(number)) {
                    return one;
                }
            }
        }
        return null;
    }

    @Nullable Kept keptBySeq(long seq) {
        Kept kept = bySeq(settle(), seq);
        return kept != null ? kept : bySeq(answered, seq);
    }

    Collection<Kept> waiting() {
        LinkedHashMap<Long, Kept> waits = settle();
        return waits == null ? List.of() : waits.values();
    }

    Iterable<Kept> answered() {
        return answered == null ? List.of() : answered.values();
    }

    /** Forgets the answers that the client has seen. */
    void confirm(Position upTo, KeptAnswers all) {
        if (answered == null) {
            return;
        }
        // In the order in which they were given, so the first that was not seen ends it.
        Iterator<Kept> each = answered.values().iterator();
        while (each.hasNext()) {
            Kept kept = each.next();
            if (kept.answeredAt == null || kept.answeredAt.isAfter(upTo)) {
                return;
            }
            each.remove();
            keptBytes -= kept.bytes();
            all.remove(kept);
        }
        answered = null;
    }

    private static @Nullable Kept bySeq(@Nullable Map<Long, Kept> kept, long seq) {
        Kept newest = null;
        if (kept != null) {
            for (Kept one : kept.values()) {
                newest = one.seq == seq ? one : newest;
            }
        }
        return newest;
    }

    void write(Encoder out) {
        out.varlong(id).varint(epoch).varlong(incarnation).string(privateName).flag(membership);
        out.varlong(reached == null ? 0 : reached.offset() + 1).varint(reached == null ? 0 : reached.index());
        out.flag(suspended).varlong(lastNumber).varlong(lastSeq);
        Collection<Kept> waits = waiting();
        out.varint(waits.size());
        waits.forEach(kept -> kept.write(out));
    }

    /** Its answers are read after all requesters, see {@link KeptAnswers}. */
    static Requester read(Decoder in, KeptAnswers all) {
        Requester requester =
                new Requester(in.varlong(), in.varint(), in.varlong(), in.string(), in.flag(), readReached(in));
        requester.suspended = in.flag();
        requester.lastNumber = in.varlong();
        requester.lastSeq = in.varlong();
        int count = in.count(6);
        if (count > 0) {
            LinkedHashMap<Long, Kept> waits = new LinkedHashMap<>();
            for (int i = 0; i < count; i++) {
                Kept kept = Kept.read(in, requester);
                waits.put(kept.number, kept);
                all.begun();
            }
            requester.waiting = waits;
        }
        return requester;
    }

    private static @Nullable Position readReached(Decoder in) {
        long offset = in.varlong() - 1;
        int index = in.varint();
        return offset < 0 ? null : new Position(offset, index);
    }
}
