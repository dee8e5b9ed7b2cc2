package dev.convene.runtime.machine;

import dev.convene.protocol.Position;
import dev.convene.protocol.log.Answer;
import dev.convene.protocol.log.Decoder;
import dev.convene.protocol.log.Encoder;
import dev.convene.protocol.log.Origin;
import dev.convene.runtime.Attachment;
import java.util.ArrayList;
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
    /** A repetition of a waiting request, to be answered with it. */
    record Again(long number, long ref) {}

    /** A request that was applied. */
    static final class Kept {
        final long number;
        final long ref;
        final long seq;
        /** When it was applied, served milliseconds. */
        final long servedMs;
        /** The idempotency key under which it came, empty if none. */
        final String key;
        /** The effect that carried the answer first; null while the request waits. */
        @Nullable Position answeredAt;

        @Nullable Answer answer;

        /** The same request under later numbers, while this one waited. */
        List<Again> again = List.of();

        Kept(long number, long ref, long seq, long servedMs, String key) {
            this.number = number;
            this.ref = ref;
            this.seq = seq;
            this.servedMs = servedMs;
            this.key = key;
        }

        boolean isJoinedBy(long laterNumber) {
            for (Again one : again) {
                if (one.number == laterNumber) {
                    return true;
                }
            }
            return false;
        }

        void joined(long laterNumber, long laterRef) {
            if (again.isEmpty()) {
                again = new ArrayList<>(1);
            }
            again.add(new Again(laterNumber, laterRef));
        }
    }

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

    /** Counts the request and keeps it as waiting for its answer. */
    void begin(Origin origin, long servedMs) {
        count(origin);
        settle();
        begun = new Kept(origin.number(), origin.ref(), origin.seq(), servedMs, origin.key());
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

    /** Keeps the answer of a waiting request; null if the request does not wait. */
    @Nullable Kept end(long number, Answer answer, Position effect) {
        Kept kept = takeWaiting(number);
        if (kept == null) {
            return null;
        }
        kept.answer = answer;
        kept.answeredAt = effect;
        if (answered == null) {
            answered = new LinkedHashMap<>();
        } else if (answered.size() >= MachineLimits.KEPT_ANSWERS_MAX) {
            Iterator<Kept> oldest = answered.values().iterator();
            oldest.next();
            oldest.remove();
        }
        answered.put(number, kept);
        return kept;
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
    void confirm(Position upTo) {
        if (answered != null) {
            answered.values().removeIf(kept -> kept.answeredAt != null && !kept.answeredAt.isAfter(upTo));
            if (answered.isEmpty()) {
                answered = null;
            }
        }
    }

    /** Forgets the answers to requests that were applied before this served time. */
    void expire(long beforeMs) {
        if (answered == null) {
            return;
        }
        Iterator<Kept> oldest = answered.values().iterator();
        while (oldest.hasNext() && oldest.next().servedMs < beforeMs) {
            oldest.remove();
        }
        if (answered.isEmpty()) {
            answered = null;
        }
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
        writeKept(out, settle());
        writeKept(out, answered);
    }

    /** @param version of the snapshot */
    static Requester read(Decoder in, int version) {
        Requester requester = new Requester(
                in.varlong(), in.varint(), in.varlong(), in.string(), in.flag(), readReached(in, version));
        requester.suspended = in.flag();
        requester.lastNumber = in.varlong();
        requester.lastSeq = in.varlong();
        requester.waiting = readKept(in);
        requester.answered = readKept(in);
        return requester;
    }

    private static @Nullable Position readReached(Decoder in, int version) {
        long offset = version < 2 ? -1 : in.varlong() - 1;
        int index = version < 3 ? 0 : in.varint();
        return offset < 0 ? null : new Position(offset, index);
    }

    private static void writeKept(Encoder out, @Nullable Map<Long, Kept> kept) {
        out.varint(kept == null ? 0 : kept.size());
        if (kept == null) {
            return;
        }
        for (Kept one : kept.values()) {
            out.varlong(one.number)
                    .varlong(one.ref)
                    .varlong(one.seq)
                    .varlong(one.servedMs)
                    .string(one.key);
            out.varint(one.again.size());
            for (Again again : one.again) {
                out.varlong(again.number).varlong(again.ref);
            }
            out.flag(one.answer != null);
            if (one.answer != null && one.answeredAt != null) {
                out.varlong(one.answeredAt.offset()).varint(one.answeredAt.index());
                one.answer.write(out);
            }
        }
    }

    private static @Nullable LinkedHashMap<Long, Kept> readKept(Decoder in) {
        int count = in.count(7);
        if (count == 0) {
            return null;
        }
        LinkedHashMap<Long, Kept> kept = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            Kept one = new Kept(in.varlong(), in.varlong(), in.varlong(), in.varlong(), in.string());
            int again = in.count(2);
            for (int j = 0; j < again; j++) {
                one.joined(in.varlong(), in.varlong());
            }
            if (in.flag()) {
                one.answeredAt = new Position(in.varlong(), in.varint());
                one.answer = Answer.read(in);
            }
            kept.put(one.number, one);
        }
        return kept;
    }
}
