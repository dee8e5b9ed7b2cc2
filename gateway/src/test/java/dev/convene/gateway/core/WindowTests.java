package dev.convene.gateway.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.gateway.core.log.Appender;
import dev.convene.gateway.core.log.OutRecord;
import dev.convene.gateway.core.request.Outlet;
import dev.convene.gateway.core.request.Pending;
import dev.convene.gateway.core.request.Reply;
import dev.convene.gateway.core.request.Requester;
import dev.convene.gateway.core.request.Window;
import dev.convene.gateway.core.request.WindowBounds;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Position;
import dev.convene.protocol.log.Answer;
import dev.convene.protocol.log.LogEntry;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WindowTests {
    private static final long DEADLINE_MS = 2_000_000;

    /** What was appended and waits for its outcome. */
    private record Appended(List<Long> numbers, long attempt, Appender.Done done) {}

    private final ManualScheduler scheduler = new ManualScheduler();
    private final List<Appended> appended = new ArrayList<>();
    private final List<Appended> taken = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private final Window window = window(0);

    private Window window(long answerWaitMs) {
        Appender appender = new Appender() {
            @Override
            public void append(String log, int partition, OutRecord rec, Done done) {
                LogEntry.Commands commands = (LogEntry.Commands) LogEntry.read(null, rec.value());
                List<Long> numbers = commands.commands().stream()
                        .map(command -> command.origin().number())
                        .toList();
                appended.add(new Appended(
                        numbers, commands.commands().getFirst().origin().ref(), done));
            }

            @Override
            public void appendUnreliably(String log, int partition, OutRecord rec, Runnable dropped) {
                throw new AssertionError("nothing here is unreliable");
            }
        };
        WindowBounds bounds = new WindowBounds(10, ErrorCode.TOO_MANY_OUTSTANDING, answerWaitMs);
        return new Outlet(appender, scheduler).window(new Requester(1, 2, 1), "groups", 0, 1, bounds);
    }

    private void submit(String name) {
        submit(window, name);
    }

    private void submit(Window to, String name) {
        to.submit(Pending.command(new byte[] {1}, 0, "", DEADLINE_MS, new Reply() {
            @Override
            public void answered(Answer answer) {
                told.add(name + " answered" + (answer.error() == null ? "" : " " + answer.error()));
            }

            @Override
            public void failed(ConveneException e) {
                told.add(name + " " + e.code());
            }

            @Override
            public void over() {
                told.add(name + " over");
            }
        }));
        pass(2);
    }

    private void pass(long ms) {
        for (long i = 0; i < ms; i++) {
            scheduler.advance(1);
            while (scheduler.runDue()) {
                // Until nothing is due.
            }
        }
    }

    /** The numbers that were appended since the last call. */
    private List<Long> sent() {
        List<Long> numbers =
                appended.stream().flatMap(one -> one.numbers.stream()).toList();
        taken.addAll(appended);
        appended.clear();
        return numbers;
    }

    private Appended last() {
        return taken.getLast();
    }

    private static Answer ok(long offset) {
        return Answer.ok(Position.of(offset), new byte[0]);
    }

    @Test
    void whatFollowsAnUnknownOutcomeWaitsUntilItIsSeenAndNotUntilItIsAnswered() {
        submit("wait");
        submit("next");
        assertThat(sent()).containsExactly(1L, 2L);
        taken.getFirst().done.failed(true);
        pass(100);
        assertThat(sent()).containsExactly(1L);
        last().done.appended(5);
        pass(2);
        assertThat(sent()).containsExactly(2L);
        last().done.appended(6);
        window.answered(2, 1, ok(6));

        assertThat(told).containsExactly("next answered");
    }

    @Test
    void whatIsSeenAndWaitsIsNotSentAgain() {
        submit("wait");
        sent();
        last().done.appended(5);
        submit("lost");
        sent();
        last().done.failed(true);
        pass(100);
        assertThat(sent()).containsExactly(2L);
        // Not the answer of what is looked for: its outcome is still unknown.
        window.answered(1, 1, ok(7));
        submit("third");
        pass(2);
        assertThat(sent()).isEmpty();
        window.answered(2, 1, ok(8));
        pass(2);
        assertThat(sent()).containsExactly(3L);
    }

    @Test
    void whatWasAcknowledgedBehindALostOneIsSentAgain() {
        submit("lost");
        submit("behind");
        sent();
        taken.get(1).done.appended(5);
        assertThat(window.outOfTurn(2, taken.get(1).attempt, 0)).isTrue();
        pass(2);
        assertThat(sent()).containsExactly(1L);
        last().done.appended(6);
        pass(2);
        assertThat(sent()).containsExactly(2L);
        // What an earlier attempt still brings says nothing about this one.
        assertThat(window.outOfTurn(2, 1, 0)).isTrue();
        pass(100);
        assertThat(sent()).isEmpty();
    }

    @Test
    void numbersAboveThoseOfTheLogCloseTheWindow() {
        submit("one");
        submit("two");
        sent();
        window.answered(1, 1, ok(4));
        // The log has lost what it answered.
        assertThat(window.outOfTurn(2, taken.get(1).attempt, 0)).isFalse();

        submit("three");
        assertThat(told).containsExactly("one answered", "two OUT_OF_STEP", "two over", "three OUT_OF_STEP");
        pass(10_000);
        assertThat(sent()).isEmpty();
    }

    @Test
    void numbersThatTheLogGaveToOthersCloseTheWindow() {
        submit("one");
        sent();
        assertThat(window.outOfTurn(1, last().attempt, 3)).isFalse();
        window.answered(1, 1, Answer.error(ErrorCode.REQUEST_FORGOTTEN, Position.of(9)));
        assertThat(told).containsExactly("one OUT_OF_STEP", "one over");
    }

    @Test
    void anotherRequestsAnswerIsNotTakenForOnesOwn() {
        submit("one");
        sent();
        // The log has this very number from somebody else: it was sent only once from here.
        assertThat(window.outOfTurn(1, last().attempt, 1)).isFalse();
        window.answered(1, 1, ok(2).asDuplicate());
        assertThat(told).containsExactly("one OUT_OF_STEP", "one over");
    }

    @Test
    void anAnswerToAnAttemptThatWasNotMadeClosesTheWindow() {
        submit("one");
        submit("two");
        sent();
        assertThat(window.answered(1, last().attempt + 1, ok(2))).isFalse();
        assertThat(told).containsExactly("one OUT_OF_STEP", "one over", "two OUT_OF_STEP", "two over");
        assertThat(window.answered(2, 1, ok(2))).isTrue();
    }

    @Test
    void aForgottenNumberOfOnesOwnIsTold() {
        submit("one");
        sent();
        last().done.failed(true);
        pass(100);
        sent();
        assertThat(window.outOfTurn(1, last().attempt, 1)).isTrue();
        window.answered(1, 1, Answer.error(ErrorCode.REQUEST_FORGOTTEN, Position.of(9)));
        assertThat(told).containsExactly("one answered REQUEST_FORGOTTEN");
    }

    @Test
    void sendingAgainWithoutProgressEnds() {
        submit("one");
        sent();
        boolean goesOn = true;
        for (int i = 0; i < 1000 && goesOn; i++) {
            goesOn = window.outOfTurn(1, last().attempt, 0);
            pass(1100);
            sent();
        }
        assertThat(goesOn).isFalse();
        assertThat(told).containsExactly("one OUT_OF_STEP", "one over");
    }

    @Test
    void anAppendThatWasNotBegunDoesNotSpeakForALaterOne() {
        submit("one");
        sent();
        assertThat(window.outOfTurn(1, last().attempt, 0)).isTrue();
        pass(2);
        assertThat(sent()).containsExactly(1L);
        // The first attempt failed for certain, the second is on its way: its number is not free.
        taken.getFirst().done.failed(false);
        last().done.failed(true);
        window.sweep();
        submit("two");
        pass(100);
        assertThat(sent()).containsExactly(1L);
    }

    @Test
    void whereTheLogIsNotSeenAnAcknowledgedRequestIsSentAgain() {
        Window blind = window(1500);
        submit(blind, "one");
        sent();
        last().done.appended(3);
        pass(1400);
        blind.sweep();
        pass(200);
        assertThat(sent()).isEmpty();
        blind.sweep();
        pass(200);
        assertThat(sent()).containsExactly(1L);
        blind.answered(1, 1, ok(4));
        assertThat(told).containsExactly("one answered");
    }

    @Test
    void whereTheLogIsSilentSendingAgainComesToAnEnd() {
        Window blind = window(1500);
        submit(blind, "one");
        int copies = sent().size();
        for (int seconds = 0; seconds < 3600; seconds++) {
            if (!taken.isEmpty()) {
                last().done.appended(3);
                taken.clear();
            }
            pass(1000);
            blind.sweep();
            copies += sent().size();
        }
        assertThat(copies).isBetween(10, 30);
        // The log is heard of again: what it did not answer is asked for once more.
        submit(blind, "two");
        sent();
        last().done.appended(4);
        blind.answered(2, 1, ok(4));
        blind.sweep();
        pass(2000);
        blind.sweep();
        pass(200);
        assertThat(sent()).containsExactly(1L);
    }
}
