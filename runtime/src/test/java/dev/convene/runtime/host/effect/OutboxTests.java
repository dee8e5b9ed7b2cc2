package dev.convene.runtime.host.effect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.Position;
import dev.convene.protocol.log.Answer;
import dev.convene.protocol.log.LogEntry;
import dev.convene.runtime.host.log.AppendException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.junit.jupiter.api.Test;

class OutboxTests {
    private record Sent(String topic, int partition, byte[] value, CompletableFuture<Long> acknowledgement) {
        List<Position> answers() {
            return AnswerBatch.read(value).effects().stream().map(Effect::id).toList();
        }

        List<Position> forwards() {
            return ((LogEntry.Forwards) LogEntry.read(null, value))
                    .forwards().stream().map(LogEntry.Forward::position).toList();
        }
    }

    private final List<Sent> sent = new ArrayList<>();
    private final List<Runnable> retries = new ArrayList<>();
    private final Outbox outbox = new Outbox(
            new Source("sessions", 0, "abc0"),
            10,
            (topic, partition, value) -> {
                sent.add(new Sent(topic, partition, value, new CompletableFuture<>()));
                return sent.getLast().acknowledgement;
            },
            8,
            new Outbox.Bounds(10, 10_000),
            (delayMs, task) -> retries.add(task));

    @Test
    void holdsBackWhileItIsShutAndGivesOutInOrderWhenItOpens() {
        answer(11, 5);
        answer(12, 5);
        forward(12);
        outbox.applied(13);
        outbox.flush();
        assertThat(sent).isEmpty();
        assertThat(outbox.outBelow()).isEqualTo(11);

        outbox.open();

        assertThat(sent).hasSize(2);
        Sent answers = sent.stream()
                .filter(s -> s.topic.equals("convene.answers"))
                .findFirst()
                .orElseThrow();
        assertThat(answers.partition).isEqualTo(5);
        assertThat(answers.answers()).containsExactly(Position.of(11), Position.of(12));
        Sent forwards = sent.stream()
                .filter(s -> s.topic.equals("convene.groups"))
                .findFirst()
                .orElseThrow();
        assertThat(forwards.forwards()).containsExactly(Position.of(12));
    }

    @Test
    void forgetsWhatTheOwnerReportsAsOut() {
        answer(11, 5);
        answer(12, 6);
        outbox.applied(13);

        outbox.trim(12);

        assertThat(outbox.size()).isEqualTo(1);
        assertThat(outbox.outBelow()).isEqualTo(12);
        outbox.trim(13);
        assertThat(outbox.outBelow()).isEqualTo(13);
    }

    @Test
    void hasOneRecordOnItsWayToATargetAndPacksWhatComesMeanwhile() {
        outbox.open();
        answer(11, 5);
        outbox.flush();
        answer(12, 5);
        answer(13, 5);
        outbox.applied(14);
        outbox.flush();
        assertThat(sent).hasSize(1);

        sent.getFirst().acknowledgement.complete(1L);

        assertThat(sent).hasSize(2);
        assertThat(sent.getLast().answers()).containsExactly(Position.of(12), Position.of(13));
        assertThat(outbox.outBelow()).isEqualTo(12);
        sent.getLast().acknowledgement.complete(2L);
        assertThat(outbox.outBelow()).isEqualTo(14);
        assertThat(outbox.size()).isZero();
    }

    @Test
    void sendsNothingLaterBeforeWhatFailed() {
        outbox.open();
        answer(11, 5);
        outbox.flush();
        answer(12, 5);
        sent.getFirst().acknowledgement.completeExceptionally(new IllegalStateException("no broker"));
        outbox.flush();
        assertThat(sent).hasSize(1);
        assertThat(outbox.outBelow()).isEqualTo(11);

        retries.removeFirst().run();

        assertThat(sent.getLast().answers()).containsExactly(Position.of(11), Position.of(12));
    }

    @Test
    void leavesNothingOutThatTheTopicTakesForTooLarge() {
        outbox.open();
        answer(11, 5);
        answer(12, 5);
        outbox.flush();
        fail(sent.getLast());
        retries.removeFirst().run();
        assertThat(sent.getLast().answers()).containsExactly(Position.of(11));

        fail(sent.getLast());

        retries.removeFirst().run();
        assertThat(sent.getLast().answers()).containsExactly(Position.of(11));
        assertThat(outbox.outBelow()).isEqualTo(11);
        sent.getLast().acknowledgement.complete(1L);
        assertThat(sent.getLast().answers()).containsExactly(Position.of(12));
    }

    private static void fail(Sent record) {
        record.acknowledgement.completeExceptionally(
                AppendException.afterSending(new RecordTooLargeException("too large")));
    }

    @Test
    void sendsNothingMoreWhenShutButCountsWhatWasOnItsWay() {
        outbox.open();
        answer(11, 5);
        outbox.flush();
        answer(12, 5);
        outbox.applied(13);
        outbox.shut();

        sent.getFirst().acknowledgement.complete(1L);

        assertThat(sent).hasSize(1);
        assertThat(outbox.outBelow()).isEqualTo(12);
    }

    @Test
    void isFullAtItsBoundAndHasRoomAtHalfOfIt() {
        for (int i = 0; i < 10; i++) {
            answer(20 + i, 5);
        }
        assertThat(outbox.isFull()).isTrue();
        outbox.trim(24);
        assertThat(outbox.isFull()).isFalse();
        assertThat(outbox.hasRoom()).isFalse();
        outbox.trim(25);
        assertThat(outbox.hasRoom()).isTrue();
    }

    private void answer(long offset, long incarnation) {
        Answer answer = Answer.ok(Position.of(offset));
        outbox.add(new Effect.Answered(Position.of(offset), incarnation, incarnation, 1, 1, answer));
    }

    private void forward(long offset) {
        outbox.add(new Effect.Forwarded(Position.of(offset), "groups", 2, false, new byte[] {1}));
    }
}
