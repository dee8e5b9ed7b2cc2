package dev.convene.runtime.machine;

import dev.convene.protocol.Position;
import dev.convene.protocol.log.Answer;
import dev.convene.protocol.log.Decoder;
import dev.convene.protocol.log.Encoder;
import dev.convene.protocol.log.Origin;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request that was applied: it waits for its answer, or its answer is kept. */
final class Kept {
    /** A repetition of a waiting request, to be answered with it. */
    record Again(long number, long ref) {}

    final Requester requester;
    final long number;
    final long ref;
    final long seq;
    /** The idempotency key under which it came, empty if none. */
    final String key;

    /** The effect that carried the answer last; null while the request waits. */
    @Nullable Position answeredAt;

    @Nullable Answer answer;
    /** When it was answered, served milliseconds. */
    long answeredMs;

    private int bytes;

    /** The same request under later numbers, while this one waited. */
    List<Again> again = List.of();

    /** Its neighbours among all answers that the partition keeps, see {@link KeptAnswers}. */
    @Nullable Kept older;

    @Nullable Kept newer;

    private Kept(Requester requester, long number, long ref, long seq, String key) {
        this.requester = requester;
        this.number = number;
        this.ref = ref;
        this.seq = seq;
        this.key = key;
    }

    static Kept waiting(Requester requester, Origin origin, String key) {
        return new Kept(requester, origin.number(), origin.ref(), origin.seq(), key);
    }

    void answered(Answer with, Position effect, long servedMs) {
        answer = with;
        answeredAt = effect;
        answeredMs = servedMs;
        count(with);
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

    /** What it takes while its answer is kept, about. */
    int bytes() {
        return bytes;
    }

    private void count(Answer kept) {
        bytes = MachineLimits.KEPT_OVERHEAD_BYTES
                + key.length()
                + kept.body().length
                + again.size() * MachineLimits.AGAIN_BYTES;
    }

    void write(Encoder out) {
        out.varlong(number).varlong(ref).varlong(seq).string(key).varint(again.size());
        for (Again one : again) {
            out.varlong(one.number).varlong(one.ref);
        }
        out.flag(answer != null);
        if (answer != null && answeredAt != null) {
            out.varlong(answeredAt.offset()).varint(answeredAt.index()).varlong(answeredMs);
            answer.write(out);
        }
    }

    static Kept read(Decoder in, Requester requester) {
        Kept kept = new Kept(requester, in.varlong(), in.varlong(), in.varlong(), in.string());
        int again = in.count(2);
        for (int i = 0; i < again; i++) {
            kept.joined(in.varlong(), in.varlong());
        }
        if (in.flag()) {
            kept.answeredAt = new Position(in.varlong(), in.varint());
            kept.answeredMs = in.varlong();
            kept.answer = Answer.read(in);
            kept.count(kept.answer);
        }
        return kept;
    }
}
