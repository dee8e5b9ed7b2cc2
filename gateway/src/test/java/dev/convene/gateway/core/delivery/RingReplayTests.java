package dev.convene.gateway.core.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.gateway.core.Access;
import dev.convene.gateway.core.ReaderKind;
import dev.convene.gateway.core.TenantCounters;
import dev.convene.gateway.core.session.LocalSession;
import dev.convene.gateway.core.session.SessionIdentity;
import dev.convene.protocol.Limits;
import dev.convene.protocol.Position;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RingReplayTests {
    private static final int PARTITION = 0;
    private static final long ROOMY = 1 << 20;

    private final Ring.StampSource stamps = new Ring.StampSource();
    private final Map<Receiver, List<Parcel>> sent = new HashMap<>();
    private int texts;

    private static Receiver receiver(long id) {
        Receiver receiver = new Receiver(id);
        receiver.session = new LocalSession(
                new SessionIdentity(id, 1, 1, "#s" + id + "#g1", true, 1000, new byte[0]),
                Access.ALL,
                ReaderKind.CONNECTION,
                Limits.DEFAULT,
                new TenantCounters(),
                0);
        receiver.add(new Place(PARTITION, Position.START));
        return receiver;
    }

    private static Place place(Receiver receiver) {
        return receiver.places()[0];
    }

    private static Leg leg(Receiver receiver, Position from, Position until, long bytesMax) {
        Place place = place(receiver);
        place.hold(until);
        Joining joining = place.joining;
        LocalSession session = receiver.session;
        if (joining == null || session == null) {
            throw new AssertionError("neither can be missing");
        }
        return new Leg(new Want(receiver, session, place, joining, from, until), bytesMax);
    }

    private void send(Ring ring, Position at, List<Receiver> to) {
        SharedPush push = new SharedPush(Feed.message(at.offset(), "m" + ++texts), 0, false);
        Parcel parcel = new Parcel(at, push, List.of(), false);
        ring.add(new Ring.Entry(parcel, to.toArray(new Receiver[0]), to.size(), null));
        to.forEach(one -> sent.computeIfAbsent(one, r -> new ArrayList<>()).add(parcel));
    }

    /** What was gathered, in order; it is given away. */
    private static List<Position> gathered(Receiver receiver) {
        List<Position> all = new ArrayList<>();
        Joining joining = place(receiver).joining;
        while (joining != null && joining.peek() != null) {
            all.add(joining.takeMissed().at());
        }
        return all;
    }

    private List<Position> sent(Receiver receiver, Position after, Position upTo) {
        return sent.getOrDefault(receiver, List.of()).stream()
                .map(Parcel::at)
                .filter(at -> at.isAfter(after) && !at.isAfter(upTo))
                .toList();
    }

    private static int advanceAll(RingReplay replay, int looksMax) {
        int stretches = 1;
        while (replay.advance(looksMax)) {
            stretches++;
        }
        return stretches;
    }

    @Test
    void manyReceiversAreServedInStretches() {
        Ring ring = new Ring(ROOMY, 0);
        List<Receiver> room =
                LongStream.range(0, 100).mapToObj(RingReplayTests::receiver).toList();
        for (int offset = 1; offset <= 200; offset++) {
            send(ring, Position.of(offset), room);
        }
        List<Leg> legs = room.stream()
                .map(one -> leg(one, Position.of(50), Position.of(150), ROOMY))
                .toList();

        // 101 looks for each message: ten messages in a stretch.
        assertThat(advanceAll(new RingReplay(ring, legs, stamps), 1000)).isEqualTo(10);

        assertThat(legs).allSatisfy(leg -> assertThat(leg.rest()).isNull());
        assertThat(room)
                .allSatisfy(one -> assertThat(gathered(one))
                        .isEqualTo(LongStream.rangeClosed(51, 150)
                                .mapToObj(Position::of)
                                .toList()));
    }

    @Test
    void whatTheRingLosesMeanwhileIsLeftToBeReadFromTheLog() {
        Ring ring = new Ring(40 * 400, 0);
        Receiver ann = receiver(1);
        for (int offset = 1; offset <= 30; offset++) {
            send(ring, Position.of(offset), List.of(ann));
        }
        Leg leg = leg(ann, Position.START, Position.of(30), ROOMY);
        RingReplay replay = new RingReplay(ring, List.of(leg), stamps);
        assertThat(replay.advance(20)).isTrue();

        for (int offset = 31; offset <= 90; offset++) {
            send(ring, Position.of(offset), List.of(ann));
        }
        assertThat(replay.advance(20)).isFalse();

        Want rest = leg.rest();
        assertThat(rest).isNotNull();
        assertThat(gathered(ann)).isEqualTo(sent(ann, Position.START, rest.from()));
        assertThat(rest.from()).isEqualTo(Position.of(10));
        assertThat(ring.covers(rest.from())).isFalse();
    }

    @Test
    void whoHasGoneIsGivenNothingAndEndsIt() {
        Ring ring = new Ring(ROOMY, 0);
        Receiver ann = receiver(1);
        send(ring, Position.of(1), List.of(ann));
        send(ring, Position.of(2), List.of(ann));
        Leg leg = leg(ann, Position.START, Position.of(2), ROOMY);
        RingReplay replay = new RingReplay(ring, List.of(leg), stamps);
        ann.park();

        assertThat(replay.advance(1)).isFalse();
        assertThat(leg.want().joining().missedBytes()).isZero();
        assertThat(ann.wanting).isNull();
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 300);
    }

    /** Whatever is sent and lost meanwhile: what was gathered and what is left are all of it, in order and once. */
    @ParameterizedTest
    @MethodSource("seeds")
    void nothingIsMissingAndNothingIsThereTwice(long seed) {
        Random random = new Random(seed);
        Ring ring = new Ring(2000 + random.nextInt(60_000), 0);
        List<Receiver> all = LongStream.range(0, 1 + random.nextInt(8))
                .mapToObj(RingReplayTests::receiver)
                .toList();
        Log log = new Log(ring, all, random);
        log.send(random.nextInt(150));
        List<Leg> legs = new ArrayList<>();
        for (Receiver one : all) {
            Position from = Position.of(random.nextLong(log.offset + 1));
            if (ring.covers(from)) {
                long until = Math.min(log.offset, from.offset() + random.nextInt(100));
                Position end = new Position(until, Integer.MAX_VALUE);
                legs.add(leg(one, from, end, random.nextInt(4) == 0 ? 1 + random.nextInt(5000) : ROOMY));
            }
        }
        if (legs.isEmpty()) {
            return;
        }
        RingReplay replay = new RingReplay(ring, legs, stamps);
        while (replay.advance(1 + random.nextInt(40))) {
            log.send(random.nextInt(10));
        }

        for (Leg leg : legs) {
            Want want = leg.want();
            Want rest = leg.rest();
            assertThat(gathered(want.receiver()))
                    .as("of %s from %s until %s", want.receiver().id, want.from(), want.until())
                    .isEqualTo(sent(want.receiver(), want.from(), rest == null ? want.until() : rest.from()));
            assertThat(want.receiver().wanting).isNull();
        }
    }

    /** Records with one or more pushes, each for some. */
    private final class Log {
        private final Ring ring;
        private final List<Receiver> all;
        private final Random random;
        private long offset;

        Log(Ring ring, List<Receiver> all, Random random) {
            this.ring = ring;
            this.all = all;
            this.random = random;
        }

        void send(int records) {
            for (int i = 0; i < records; i++) {
                offset++;
                List<Receiver> left = new ArrayList<>(all);
                // A record's effects have places of their own; one effect may make pushes for several, each another
                // one.
                int index = 0;
                for (int more = random.nextInt(3); more >= 0; more--) {
                    List<Receiver> to = new ArrayList<>();
                    left.removeIf(one -> random.nextBoolean() && to.add(one));
                    if (!to.isEmpty()) {
                        RingReplayTests.this.send(ring, new Position(offset, index), to);
                        index += random.nextInt(2);
                    }
                }
            }
        }
    }
}
