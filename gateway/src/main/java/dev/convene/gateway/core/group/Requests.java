package dev.convene.gateway.core.group;

import dev.convene.gateway.core.life.CoreSettings;
import dev.convene.gateway.core.life.GatewayLife;
import dev.convene.gateway.core.session.LocalSession;
import dev.convene.gateway.core.time.Futures;
import dev.convene.gateway.core.time.Scheduler;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.protocol.frame.Push;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** Messages that wait for their first reply, which comes to the session's private group. Thread-safe. */
final class Requests {
    private final GroupCalls calls;
    private final CoreSettings settings;
    private final Scheduler scheduler;
    private final AtomicLong correlations = new AtomicLong();

    Requests(GroupCalls calls, CoreSettings settings, Scheduler scheduler) {
        this.calls = calls;
        this.settings = settings;
        this.scheduler = scheduler;
    }

    CompletableFuture<Answer> request(GatewayLife life, LocalSession session, GroupOperation.Request operation) {
        GroupOperation.Multicast message = operation.message();
        String correlation = correlation(session, message);
        CompletableFuture<Push.Message> reply =
                session.replies().expect(correlation, settings.limits().outstandingMax());
        GroupOperation.Multicast sent = new GroupOperation.Multicast(
                message.groups(),
                message.service(),
                message.type(),
                message.body(),
                message.selfDiscard(),
                message.key(),
                message.seq(),
                session.privateGroup(),
                correlation);
        CompletableFuture<Answer> result = new CompletableFuture<>();
        Futures.pass(reply.thenApply(Answer.Replied::new), result);
        try {
            calls.send(life, session, sent, true).whenComplete((accepted, e) -> {
                if (e != null) {
                    result.completeExceptionally(e);
                }
            });
        } catch (ConveneException e) {
            result.completeExceptionally(e);
        }
        Scheduler.Delayed timeout = scheduler.after(
                Math.max(1, operation.timeoutMs()),
                () -> result.completeExceptionally(new ConveneException(ErrorCode.TIMED_OUT)));
        result.whenComplete((answer, e) -> {
            timeout.cancel();
            session.replies().forget(correlation);
            // Its client was there all the time.
            session.touch(scheduler.nowMs());
        });
        return result;
    }

    /** What its client calls it, or else what is the same when the client asks again. */
    private String correlation(LocalSession session, GroupOperation.Multicast message) {
        String given = message.correlation();
        if (given != null) {
            return given;
        }
        if (message.key() != null) {
            return "k-" + message.key();
        }
        return message.seq() != 0
                ? "s-" + message.seq()
                : "r" + session.identity().epoch() + "-" + Long.toString(correlations.incrementAndGet(), 36);
    }
}
