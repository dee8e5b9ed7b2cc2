package dev.convene.testkit.reference;

import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.log.Answer;
import dev.convene.testkit.check.linear.LockModel.Input;
import dev.convene.testkit.check.linear.LockModel.Output;
import dev.convene.testkit.check.linear.OperationRecorder;
import dev.convene.testkit.sim.SimulatedRequester;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A client of a {@link LockRun}: takes a lock, keeps it for a while, gives it back; asks again under the same number of
 * its own when its session has moved to another gateway. Every grant has an owner's name of its own in the record, so that
 * the end of a lease is a release by that owner that nobody saw.
 */
final class LockClient {
    private final LockRun run;
    private final OperationRecorder<Input, Output> recorder;
    final long session;
    final String name;
    int epoch = 1;
    boolean ended;
    boolean suspended;

    @Nullable SimulatedRequester requester;

    private long seq;
    private @Nullable Runnable askAgain;
    private int grants;
    private boolean holds;

    LockClient(LockRun run, OperationRecorder<Input, Output> recorder, long session) {
        this.run = run;
        this.recorder = recorder;
        this.session = session;
        this.name = "#s" + session + "#gw";
    }

    boolean isIdle() {
        return askAgain == null && !holds;
    }

    /** The session is served, perhaps again; what was asked and not answered is asked again. */
    void servedBy(SimulatedRequester window) {
        requester = window;
        if (askAgain != null) {
            askAgain.run();
        }
    }

    /** Asks for something under the client's next number until there is an answer. */
    private void ask(LockCommand command, Consumer<Answer> reply) {
        long number = ++seq;
        boolean[] answered = {false};
        askAgain = () -> {
            if (requester != null) {
                requester.ask(command.toBytes(), null, number, answer -> {
                    if (!answered[0]) {
                        answered[0] = true;
                        askAgain = null;
                        reply.accept(answer);
                    }
                });
            }
        };
        askAgain.run();
    }

    /** One round: a lock, for a while. */
    void round(String lock, long waitMs, long leaseMs, long holdMs) {
        String owner = name + "/" + ++grants;
        var acquire = recorder.invoke(owner, lock, new Input.Acquire(owner));
        if (leaseMs > 0 || run.loses(this)) {
            // Its lease, or its session, may end at any moment.
            recorder.invoke(owner, lock, new Input.Release(owner)).unseen();
        }
        ask(new LockCommand.Acquire(lock, waitMs, leaseMs), answer -> {
            if (answer.error() == ErrorCode.TIMED_OUT) {
                acquire.returned(Output.TIMED_OUT);
                return;
            }
            if (!answer.isOk()) {
                throw new AssertionError("acquire was answered " + answer.error());
            }
            acquire.returned(Output.ACQUIRED);
            holds = true;
            run.later(holdMs, () -> release(lock, owner));
        });
    }

    private void release(String lock, String owner) {
        if (ended) {
            return;
        }
        if (askAgain != null) {
            throw new IllegalStateException("a client does one thing at a time");
        }
        var release = recorder.invoke(owner, lock, new Input.Release(owner));
        ask(new LockCommand.Release(lock), answer -> {
            holds = false;
            release.returned(answer.isOk() ? Output.RELEASED : Output.REFUSED);
        });
    }
}
