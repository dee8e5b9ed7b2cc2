package dev.convene.testkit.machine;

import static dev.convene.testkit.machine.MachineBench.keyed;
import static dev.convene.testkit.machine.MachineBench.numbered;
import static dev.convene.testkit.machine.MachineBench.sequenced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Position;
import dev.convene.protocol.log.Decoder;
import dev.convene.protocol.log.LogEntry;
import dev.convene.protocol.log.Origin;
import dev.convene.protocol.log.SessionEvent;
import dev.convene.runtime.Effects;
import dev.convene.runtime.machine.HaltedException;
import dev.convene.runtime.machine.MachineLimits;
import dev.convene.runtime.machine.ShardMachine;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a partition keeps for those who ask is bounded in bytes, for each and for all. */
class BoundTests {
    private static final long S = 10;
    private static final int LARGE = 60_000;

    private final MachineBench bench = new MachineBench();

    private ErrorCode repeat(long session, long number) {
        bench.sendAlone(numbered(1, session, 1, number), "again");
        return bench.last.answers.getFirst().error();
    }

    @Test
    void theAnswersOfOneRequesterAreBoundedInBytesAndTheOldestGoFirst() {
        bench.attach(S, 1);
        for (int number = 1; number <= 20; number++) {
            bench.send(numbered(1, S, 1, number), "answer " + LARGE);
        }
        assertThat(bench.machine.view().keptBytes()).isLessThanOrEqualTo(MachineLimits.KEPT_BYTES_MAX);
        assertThat(repeat(S, 12)).isEqualTo(ErrorCode.REQUEST_FORGOTTEN);
        assertThat(repeat(S, 13)).isNull();
        assertThat(repeat(S, 20)).isNull();
    }

    @Test
    void whoeverUsesTheWholeWindowKeepsItsAnswers() {
        bench.attach(S, 1);
        for (int number = 1; number <= MachineLimits.KEPT_ANSWERS_MAX; number++) {
            bench.sendAlone(keyed(1, S, number, "k".repeat(MachineLimits.KEY_LENGTH_MAX - 5) + number), "answer 100");
        }
        assertThat(repeat(S, 1)).isNull();
    }

    @Test
    void whoKeepsMuchPaysFirstWhenAllTogetherKeepTooMuch() {
        bench.attach(S, 1);
        bench.sendAlone(numbered(1, S, 1, 1), "answer 10");
        int sessions = (int) (MachineLimits.KEPT_BYTES_OF_ALL_MAX / (8 * LARGE)) + 10;
        for (int session = 100; session < 100 + sessions; session++) {
            attachAlone(session);
            for (int number = 1; number <= 8; number++) {
                bench.sendAlone(numbered(1, session, 1, number), "answer " + LARGE);
            }
            assertThat(bench.machine.view().keptBytes()).isLessThanOrEqualTo(MachineLimits.KEPT_BYTES_OF_ALL_MAX);
        }
        assertThat(repeat(S, 1)).isNull();
        assertThat(repeat(100, 1)).isNull();
        assertThat(repeat(99 + sessions, 1)).isEqualTo(ErrorCode.REQUEST_FORGOTTEN);
    }

    private void attachAlone(long session) {
        tellAlone(new SessionEvent.SessionAttached(session, 1, 1, "#s" + session + "#g", true));
    }

    private void tellAlone(SessionEvent event) {
        LogEntry.Forward forward = MachineBench.forward(bench.nextOffset() + 1_000_000, event);
        bench.machine.apply(
                bench.nextOffset(),
                null,
                new LogEntry.Forwards("convene.sessions", 0, "e", List.of(forward)).toBytes(),
                bench.last);
        bench.skipOffsets(1);
    }

    @Test
    void theAnswersOfAnIdleSessionGoWithTimeAlone() {
        bench.append(new LogEntry.Term(1, "i"));
        bench.attach(S, 1);
        bench.send(numbered(1, S, 1, 1), "answer 1000");
        assertThat(bench.machine.view().nextServedMs()).isEqualTo(MachineLimits.KEPT_MS);
        for (long now = 0; now < MachineLimits.KEPT_MS; ) {
            now += MachineLimits.TICK_ADDS_MAX_MS;
            bench.tick(1, now, now);
        }
        assertThat(bench.machine.view().keptBytes()).isZero();
        assertThat(bench.machine.view().nextServedMs()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void whatIsConfirmedOrEndedTakesNothing() {
        bench.attach(S, 1);
        bench.attach(S + 1, 1);
        bench.send(numbered(1, S, 1, 1), "answer 1000");
        bench.send(numbered(1, S + 1, 1, 1), "answer 1000");
        bench.append(new LogEntry.Confirmations(
                1, List.of(new LogEntry.Confirmation(S, 1, Position.of(bench.nextOffset())))));
        assertThat(repeat(S, 1)).isEqualTo(ErrorCode.REQUEST_FORGOTTEN);
        bench.tell(new SessionEvent.SessionEnded(S + 1, false));
        assertThat(bench.machine.view().keptBytes()).isZero();
    }

    @Test
    void anAnswerThatIsSentAgainAfterAResumeIsTheSameToItsAsker() {
        bench.attach(S, 1);
        bench.send(numbered(1, S, 1, 1), "answer 3");
        String first = bench.last.words.getLast();
        bench.tell(new SessionEvent.SessionResumed(S, 2, 2));
        String again = bench.last.words.stream()
                .filter(word -> word.startsWith("answer"))
                .findFirst()
                .orElseThrow();
        // The number, what the asker calls it, and the place where it was applied; the place of the effect is a new
        // one.
        assertThat(again.substring(again.indexOf(" 1 ref "))).isEqualTo(first.substring(first.indexOf(" 1 ref ")));
    }

    @Test
    void oneSessionCannotUseUpTheKeysOfAll() {
        bench.attach(S, 1);
        bench.attach(S + 1, 1);
        long number = 0;
        do {
            number++;
            bench.sendAlone(keyed(1, S, number, "greedy-" + number), "answer 2000");
        } while (bench.last.answers.getFirst().isOk());
        assertThat(bench.last.answers.getFirst().error()).isEqualTo(ErrorCode.KEY_TABLE_FULL);
        assertThat(bench.machine.view().keyBytes())
                .isBetween(MachineLimits.KEYS_BYTES_MAX / 10, MachineLimits.KEYS_BYTES_MAX / 8);
        bench.sendAlone(keyed(1, S + 1, 1, "modest"), "answer 2000");
        assertThat(bench.last.answers.getFirst().isOk()).isTrue();
        // What was done under a key is not forgotten for that.
        bench.sendAlone(keyed(1, S + 1, 2, "greedy-1"), "answer 2000");
        assertThat(bench.last.answers.getFirst().duplicate()).isTrue();
    }

    @Test
    void aWaitingRequestTakesOnlySoManyRepetitionsUnderNewNumbers() {
        bench.attach(S, 1);
        bench.send(sequenced(1, S, 1, 1, 5), "wait k");
        for (int i = 1; i <= MachineLimits.AGAIN_MAX; i++) {
            bench.send(sequenced(1, S, 1, 1 + i, 5), "wait k");
            assertThat(bench.last.answers).isEmpty();
        }
        bench.send(sequenced(1, S, 1, 2 + MachineLimits.AGAIN_MAX, 5), "wait k");
        assertThat(bench.last.answers.getFirst().error()).isEqualTo(ErrorCode.TOO_MANY_OUTSTANDING);
    }

    @Test
    void aKeyThatIsRefusedForItsLengthIsNotKeptEither() {
        bench.attach(S, 1);
        bench.send(keyed(1, S, 1, "k".repeat(1_000_000)), "add x");
        assertThat(bench.last.answers.getFirst().error()).isEqualTo(ErrorCode.BAD_FIELD);
        assertThat(bench.machine.snapshot()).hasSizeLessThan(10_000);
    }

    @Test
    void anEffectThatFitsNoRecordHaltsTheShardThatMadeIt() {
        bench.attach(S, 1);
        bench.send(numbered(1, S, 1, 1), "large " + Effects.BODY_BYTES_MAX);
        assertThat(bench.last.words).anyMatch(word -> word.startsWith("forward"));
        assertThatThrownBy(() -> bench.sendAlone(numbered(1, S, 1, 2), "large " + (Effects.BODY_BYTES_MAX + 1)))
                .isInstanceOf(HaltedException.class)
                .cause()
                .hasMessageContaining("prepare has to refuse");
        assertThat(bench.last.words).noneMatch(word -> word.startsWith("forward"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 64, 1000})
    void aSnapshotIsReadFromPiecesOfAnySize(int pieceBytes) {
        bench.attach(S, 1);
        for (int number = 1; number <= 20; number++) {
            bench.send(keyed(1, S, number, "key" + number), number % 3 == 0 ? "wait x" : "answer " + number * 10);
        }
        byte[] whole = bench.machine.snapshot();
        Queue<byte[]> pieces = new ArrayDeque<>();
        for (int from = 0; from < whole.length; from += pieceBytes) {
            pieces.add(Arrays.copyOfRange(whole, from, Math.min(whole.length, from + pieceBytes)));
        }
        ShardMachine<String> read = ShardMachine.fromSnapshot(new ProbeShard(), Decoder.over(pieces), Set.of());
        assertThat(read.snapshot()).isEqualTo(whole);
        assertThat(pieces).isEmpty();
    }

    /** Whatever they do: what is kept stays within its bounds, and is counted alike by a machine from a snapshot. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aHostileStreamOfCommandsIsHeldWithinBounds(long seed) {
        Random random = new Random(seed);
        bench.append(new LogEntry.Term(1, "i"));
        Map<Long, Long> numbers = new HashMap<>();
        long nextSession = 100;
        long now = 0;
        for (int step = 0; step < 10_000; step++) {
            if (numbers.size() < 50) {
                attachAlone(nextSession);
                numbers.put(nextSession++, 0L);
            }
            long session = numbers.keySet().stream()
                    .skip(random.nextInt(numbers.size()))
                    .findFirst()
                    .orElseThrow();
            switch (random.nextInt(20)) {
                case 0 -> {
                    now += random.nextInt(20_000);
                    bench.machine.apply(bench.nextOffset(), null, new LogEntry.Tick(1, now, now).toBytes(), bench.last);
                    bench.skipOffsets(1);
                }
                case 1 -> {
                    if (random.nextInt(20) == 0) {
                        numbers.remove(session);
                        tellAlone(new SessionEvent.SessionEnded(session, false));
                    }
                }
                default -> hostile(random, numbers, session);
            }
            assertThat(bench.machine.view().keptBytes()).isBetween(0L, MachineLimits.KEPT_BYTES_OF_ALL_MAX);
            assertThat(bench.machine.view().keptBytes()).isLessThanOrEqualTo(52L * MachineLimits.KEPT_BYTES_MAX);
            assertThat(bench.machine.view().keyBytes()).isBetween(0L, MachineLimits.KEYS_BYTES_MAX);
        }
        ShardMachine<String> restarted =
                ShardMachine.fromSnapshot(new ProbeShard(), bench.machine.snapshot(), Set.of());
        assertThat(restarted.digest()).isEqualTo(bench.machine.digest());
        assertThat(restarted.view().keptBytes()).isEqualTo(bench.machine.view().keptBytes());
        assertThat(restarted.view().keyBytes()).isEqualTo(bench.machine.view().keyBytes());
        assertThat(restarted.view().nextServedMs())
                .isEqualTo(bench.machine.view().nextServedMs());
    }

    private void hostile(Random random, Map<Long, Long> numbers, long session) {
        long number = numbers.merge(session, 1L, Long::sum);
        long seq = random.nextInt(3) == 0 ? random.nextInt(1 + (int) number) : 0;
        String key = random.nextBoolean() ? "" : "k" + random.nextInt(random.nextBoolean() ? 100 : 1_000_000);
        Origin origin = new Origin(1, session, 1, number, number, seq, key);
        bench.sendAlone(
                origin,
                switch (random.nextInt(6)) {
                    case 0 -> "wait w" + random.nextInt(50);
                    case 1 -> "wake w" + random.nextInt(50);
                    case 2 -> "answer " + random.nextInt(100_000);
                    default -> "answer " + random.nextInt(100);
                });
    }
}
