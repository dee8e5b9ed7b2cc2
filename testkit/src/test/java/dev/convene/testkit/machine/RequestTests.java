package dev.convene.testkit.machine;

import static dev.convene.testkit.machine.MachineBench.command;
import static dev.convene.testkit.machine.MachineBench.keyed;
import static dev.convene.testkit.machine.MachineBench.numbered;
import static dev.convene.testkit.machine.MachineBench.sequenced;
import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Position;
import dev.convene.protocol.log.Answer;
import dev.convene.protocol.log.LogEntry;
import dev.convene.protocol.log.SessionEvent;
import dev.convene.runtime.machine.EffectSink.Passed;
import dev.convene.runtime.machine.MachineLimits;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which commands count, and what a repetition is told. */
class RequestTests {
    private static final long S = 10;
    private final MachineBench bench = new MachineBench();

    @BeforeEach
    void attach() {
        bench.attach(S, 1);
    }

    private Answer only() {
        assertThat(bench.last.answers).hasSize(1);
        return bench.last.answers.getFirst();
    }

    @Test
    void aRequestCountsOnceAndARepetitionGetsItsAnswer() {
        bench.send(numbered(1, S, 1, 1), "add x");
        Answer first = only();
        bench.send(numbered(1, S, 1, 2), "add y");
        bench.send(numbered(1, S, 1, 1), "add x");
        assertThat(only().duplicate()).isTrue();
        assertThat(only().at()).isEqualTo(first.at());
        assertThat(only().body()).isEqualTo(first.body());
        assertThat(bench.shard.seen).containsOnlyOnce("add x");
    }

    @Test
    void aRequestAfterAMissingOneIsPassedOver() {
        bench.send(numbered(1, S, 1, 2), "add x");
        assertThat(bench.last.passed).containsExactly(Passed.NUMBER_GAP);
        assertThat(bench.machine.view().lastNumber(S)).isZero();
        bench.send(numbered(1, S, 1, 1), "add x");
        assertThat(only().isOk()).isTrue();
    }

    @Test
    void commandsOfStrangersArePassedOver() {
        bench.send(numbered(1, 99, 1, 1), "add x");
        assertThat(bench.last.passed).containsExactly(Passed.NOT_ATTACHED);
        bench.send(numbered(3, S, 1, 1), "add x");
        assertThat(bench.last.passed).containsExactly(Passed.LOST_GATEWAY);
        bench.send(numbered(2, S, 1, 1), "add x");
        assertThat(bench.last.passed).containsExactly(Passed.STALE_EPOCH);
        bench.send(numbered(1, S, 2, 1), "add x");
        assertThat(bench.last.passed).containsExactly(Passed.STALE_EPOCH);
        assertThat(bench.shard.seen).doesNotContain("add x");
    }

    @Test
    void afterAResumeTheOldEpochAndGatewayCountNoMore() {
        bench.send(numbered(1, S, 1, 1), "add x");
        bench.tell(new SessionEvent.SessionResumed(S, 2, 2));
        assertThat(bench.last.words).anyMatch(word -> word.contains("to 2/10 1"));
        bench.send(numbered(1, S, 1, 2), "add late");
        assertThat(bench.last.passed).containsExactly(Passed.STALE_EPOCH);
        bench.send(numbered(2, S, 2, 2), "add y");
        assertThat(only().isOk()).isTrue();
    }

    @Test
    void aStaleResumeIsIgnored() {
        bench.tell(new SessionEvent.SessionResumed(S, 3, 2));
        bench.tell(new SessionEvent.SessionResumed(S, 2, 1));
        bench.send(numbered(2, S, 3, 1), "add x");
        assertThat(only().isOk()).isTrue();
    }

    @Test
    void nothingOfALostGatewayCountsAndItsSessionsAreSuspended() {
        bench.attach(11, 1);
        bench.tell(new SessionEvent.GatewayLost(1));
        assertThat(bench.shard.seen).endsWith("suspended 10", "suspended 11", "lost 1");
        bench.send(numbered(1, S, 1, 1), "add x");
        assertThat(bench.last.passed).containsExactly(Passed.LOST_GATEWAY);
        bench.send(numbered(1, 1, 0, 1), "add x");
        assertThat(bench.last.passed).containsExactly(Passed.LOST_GATEWAY);
        bench.tell(new SessionEvent.GatewayAttached(1, "one"));
    }

    @Test
    void sessionsOfALostGatewayAreSuspendedInTheSameOrderOnAReplicaFromASnapshot() {
        bench.attach(11, 1);
        bench.attach(12, 2);
        bench.tell(new SessionEvent.SessionResumed(12, 2, 1));
        bench.tell(new SessionEvent.SessionResumed(11, 2, 2));
        bench.tell(new SessionEvent.SessionResumed(S, 2, 2));
        bench.tell(new SessionEvent.SessionResumed(12, 3, 2));
        bench.tell(new SessionEvent.GatewayLost(2));
        assertThat(bench.shard.seen).contains("suspended 10", "suspended 11", "suspended 12");
    }

    @Test
    void aSessionThatIsAttachedAfterItsGatewayWasLostIsSuspended() {
        bench.attach(12, 7);
        assertThat(bench.machine.view().session(12).isSuspended()).isTrue();
    }

    @Test
    void aWaitingRequestIsAnsweredOnceAndARepetitionOfItIsSilent() {
        bench.send(numbered(1, S, 1, 1), "wait k");
        Position at = Position.of(bench.nextOffset() - 1);
        bench.send(numbered(1, S, 1, 1), "wait k");
        assertThat(bench.last.answers).isEmpty();
        bench.send(numbered(1, S, 1, 2), "wake k");
        assertThat(bench.last.answers).hasSize(2);
        assertThat(bench.last.answers.getFirst().at()).isEqualTo(at);
    }

    @Test
    void aClientsNumberAgainUnderANewOneJoinsTheWait() {
        bench.send(sequenced(1, S, 1, 1, 5), "wait k");
        bench.tell(new SessionEvent.SessionResumed(S, 2, 2));
        bench.send(sequenced(2, S, 2, 2, 5), "wait k");
        assertThat(bench.last.answers).isEmpty();
        bench.send(sequenced(2, S, 2, 3, 6), "wake k");
        assertThat(bench.last.words)
                .anyMatch(word -> word.contains("2/10 1 ref 101: ok"))
                .anyMatch(word -> word.contains("2/10 2 ref 102: ok") && word.endsWith("duplicate"));
    }

    @Test
    void aRequestThatHasJoinedAWaitCanBeAppendedAgain() {
        bench.send(sequenced(1, S, 1, 1, 5), "wait k");
        bench.send(sequenced(1, S, 1, 2, 5), "wait k");
        bench.send(sequenced(1, S, 1, 2, 5), "wait k");
        assertThat(bench.last.answers).isEmpty();
        bench.send(sequenced(1, S, 1, 3, 6), "wake k");
        assertThat(bench.last.answers).hasSize(3);
        bench.send(sequenced(1, S, 1, 2, 5), "wait k");
        assertThat(only().duplicate()).isTrue();
    }

    @Test
    void aClientsNumberAgainGetsTheKeptAnswerOrAWordThatItIsForgotten() {
        bench.send(sequenced(1, S, 1, 1, 5), "add x");
        bench.send(sequenced(1, S, 1, 2, 5), "add x");
        assertThat(only().duplicate()).isTrue();
        bench.send(sequenced(1, S, 1, 3, 4), "add older");
        assertThat(only().error()).isEqualTo(ErrorCode.REQUEST_FORGOTTEN);
        assertThat(bench.shard.seen).doesNotContain("add older");
        bench.send(sequenced(1, S, 1, 4, 6), "add y");
        assertThat(only().isOk()).isTrue();
    }

    @Test
    void answersAreForgottenWhenTheyAreConfirmed() {
        bench.send(numbered(1, S, 1, 1), "add x");
        bench.append(new LogEntry.Confirmations(
                1, List.of(new LogEntry.Confirmation(S, 1, Position.of(bench.nextOffset() - 1)))));
        bench.send(numbered(1, S, 1, 1), "add x");
        assertThat(only().error()).isEqualTo(ErrorCode.REQUEST_FORGOTTEN);
        assertThat(bench.shard.seen).containsOnlyOnce("add x");
    }

    @Test
    void progressIsRememberedAndKeepsAnswers() {
        assertThat(bench.machine.view().reached(S)).isEqualTo(Position.of(bench.nextOffset() - 1));
        bench.send(numbered(1, S, 1, 1), "add x");
        Position answered = new Position(bench.nextOffset() - 1, 3);
        bench.append(new LogEntry.Progress(1, List.of(new LogEntry.Confirmation(S, 1, answered))));
        bench.append(new LogEntry.Progress(1, List.of(new LogEntry.Confirmation(S, 1, Position.of(1)))));
        bench.append(new LogEntry.Progress(1, List.of(new LogEntry.Confirmation(S, 0, Position.of(4)))));
        // Nobody has what does not exist yet.
        bench.append(new LogEntry.Progress(1, List.of(new LogEntry.Confirmation(S, 1, Position.of(1000)))));
        assertThat(bench.machine.view().reached(S)).isEqualTo(answered);
        bench.send(numbered(1, S, 1, 1), "add x");
        assertThat(only().duplicate()).isTrue();
    }

    @Test
    void aRequestOutOfItsTurnIsToldHowFarTheLogIs() {
        bench.send(numbered(1, S, 1, 1), "add x");
        bench.send(numbered(1, S, 1, 3), "add z");
        assertThat(bench.last.words).anyMatch(word -> word.startsWith("out of turn 3, last 1"));
        bench.send(numbered(1, S, 1, 1), "add x");
        assertThat(bench.last.words.getFirst()).startsWith("out of turn 1, last 1");
    }

    @Test
    void confirmationsOfAnOldEpochOrGatewayDoNotCount() {
        bench.send(numbered(1, S, 1, 1), "add x");
        Position all = Position.of(1000);
        bench.append(new LogEntry.Confirmations(2, List.of(new LogEntry.Confirmation(S, 1, all))));
        bench.append(new LogEntry.Confirmations(1, List.of(new LogEntry.Confirmation(S, 0, all))));
        bench.append(new LogEntry.Confirmations(9, List.of(new LogEntry.Confirmation(S, 1, all))));
        bench.send(numbered(1, S, 1, 1), "add x");
        assertThat(only().duplicate()).isTrue();
    }

    @Test
    void answersAreForgottenAfterTenMinutesOfServedTime() {
        bench.append(new LogEntry.Term(1, "i"));
        bench.send(numbered(1, S, 1, 1), "add x");
        long now = 0;
        while (now <= MachineLimits.KEPT_MS) {
            now += MachineLimits.TICK_ADDS_MAX_MS;
            bench.machine.apply(bench.nextOffset(), null, new LogEntry.Tick(1, now, now).toBytes(), bench.last);
            bench.skipOffsets(1);
        }
        bench.send(numbered(1, S, 1, 2), "add y");
        bench.send(numbered(1, S, 1, 1), "add x");
        assertThat(only().error()).isEqualTo(ErrorCode.REQUEST_FORGOTTEN);
    }

    @Test
    void onlySoManyAnswersAreKept() {
        for (int i = 1; i <= MachineLimits.KEPT_ANSWERS_MAX + 1; i++) {
            bench.machine.apply(
                    bench.nextOffset(),
                    null,
                    command(numbered(1, S, 1, i), "wake none").toBytes(),
                    bench.last);
            bench.skipOffsets(1);
        }
        bench.send(numbered(1, S, 1, 1), "wake none");
        assertThat(only().error()).isEqualTo(ErrorCode.REQUEST_FORGOTTEN);
        bench.send(numbered(1, S, 1, 2), "wake none");
        assertThat(only().duplicate()).isTrue();
    }

    @Test
    void whatIsNotNumberedIsNotAnswered() {
        bench.send(numbered(1, S, 1, 0), "add x");
        bench.send(numbered(1, S, 1, 0), "add x");
        assertThat(bench.last.answers).isEmpty();
        assertThat(bench.shard.seen).filteredOn("add x"::equals).hasSize(2);
    }

    @Test
    void aGatewayLifeAsksForItself() {
        bench.send(numbered(1, 1, 0, 1), "add x");
        assertThat(only().isOk()).isTrue();
        bench.send(numbered(2, 2, 0, 1), "add y");
        assertThat(only().isOk()).isTrue();
        bench.send(keyed(2, 2, 2, "k"), "add z");
        bench.send(keyed(1, 1, 2, "k"), "add z");
        assertThat(only().duplicate()).isTrue();
    }

    @Test
    void whatEndsASessionForgetsItsNameAndNumbers() {
        bench.send(numbered(1, S, 1, 1), "wait k");
        bench.tell(new SessionEvent.SessionEnded(S, true));
        assertThat(bench.machine.view().session(S)).isNull();
        assertThat(bench.machine.view().sessionCount()).isZero();
        bench.send(numbered(1, 1, 0, 1), "wake k");
        assertThat(bench.last.answers).hasSize(1);
        bench.tell(new SessionEvent.SessionEnded(S, true));
        assertThat(bench.shard.seen).containsOnlyOnce("ended EXPIRED [10]");
    }

    @Test
    void aRefusalForTheTimeBeingIsTriedAfreshUnderTheSameSeq() {
        bench.send(sequenced(1, S, 1, 1, 4), "fill");
        bench.send(sequenced(1, S, 1, 2, 5), "put x");
        assertThat(bench.last.answers.getFirst().error()).isEqualTo(ErrorCode.QUEUE_FULL);
        bench.send(sequenced(1, S, 1, 3, 6), "drain");
        bench.send(sequenced(1, S, 1, 4, 5), "put x");
        assertThat(bench.last.answers.getFirst().isOk()).isTrue();
        bench.send(sequenced(1, S, 1, 5, 5), "put x");
        assertThat(bench.last.answers.getFirst().isOk()).isTrue();
        assertThat(bench.last.answers.getFirst().duplicate()).isTrue();
        assertThat(bench.shard.seen).containsOnlyOnce("put x");
    }
}
