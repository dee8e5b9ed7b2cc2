package dev.convene.gateway.core.group;

import dev.convene.gateway.core.log.OutRecord;
import dev.convene.gateway.core.request.Pending;
import dev.convene.gateway.core.request.Reply;
import dev.convene.gateway.core.request.Window;
import dev.convene.gateway.core.session.Lane;
import dev.convene.group.MulticastReply;
import dev.convene.protocol.At;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.protocol.group.GroupCommand;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** One message on its way: finds its records' places, appends them, gathers their answers. */
final class Sending implements Lane.Step {
    private static final CompletableFuture<?> NOTHING = CompletableFuture.completedFuture(null);

    private record Leg(Targets.Route route, CompletableFuture<Window> window) {}

    private final Multicasts via;
    private final Sender sender;
    private final GroupOperation.Multicast message;
    private final Targets targets;
    /** Whether the sender of a request waits for somebody to get it. */
    private final boolean needsReceiver;

    private final long startNanos;
    private final long deadlineMs;
    private final CompletableFuture<Answer.Accepted> result = new CompletableFuture<>();
    private List<Leg> legs = List.of();

    Sending(Multicasts via, Sender sender, GroupOperation.Multicast message, Targets targets, boolean needsReceiver) {
        this.via = via;
        this.sender = sender;
        this.message = message;
        this.targets = targets;
        this.needsReceiver = needsReceiver;
        this.startNanos = via.scheduler().nowNanos();
        this.deadlineMs = via.deadlineMs();
    }

    CompletableFuture<Answer.Accepted> result() {
        return result;
    }

    @Override
    public CompletableFuture<?> ready() {
        if (!targets.needsLookUp()) {
            return ready(targets.routes(message.service()));
        }
        String domain = targets.firstDomain();
        return sender.window(domain)
                .thenCompose(window -> via.goingAlong(window.partition(), targets.privates(), message.service()))
                .thenCompose(along -> ready(targets.routes(message.service(), along)));
    }

    private CompletableFuture<?> ready(List<Targets.Route> routes) {
        List<Leg> found = new ArrayList<>(routes.size());
        CompletableFuture<?> all = NOTHING;
        for (Targets.Route route : routes) {
            CompletableFuture<Window> window = sender.window(route.domain());
            found.add(new Leg(route, window));
            if (!window.isDone() || window.isCompletedExceptionally()) {
                all = all == NOTHING ? window : CompletableFuture.allOf(all, window);
            }
        }
        legs = found;
        if (!message.service().isOrdered() || found.size() > 1) {
            return all;
        }
        // What a session sends first comes first for everybody who goes on from it, also in another domain: a message
        // waits until the log shows what became of those before it elsewhere. One that spans domains itself is a record
        // in each, in no order.
        CompletableFuture<Window> window = found.getFirst().window;
        return window.isDone() && all == NOTHING
                ? before(window.join().partition())
                : all.thenCompose(nothing -> before(window.join().partition()));
    }

    /** Not for ever: an outcome can stay unknown for as long as the log of the other domain is away. */
    private CompletableFuture<?> before(int partition) {
        CompletableFuture<?> before = sender.before(partition);
        return before.isDone() ? before : via.within(before, deadlineMs);
    }

    @Override
    public void go() {
        sender.counters().sent(message.service(), message.body().size());
        if (message.service() == ServiceLevel.UNRELIABLE) {
            for (Leg leg : legs) {
                via.sendUnreliably(leg.window.join(), command(leg), message);
            }
            result.complete(Answer.Accepted.at(null));
            return;
        }
        if (legs.size() == 1) {
            send(legs.getFirst(), 0, result);
            return;
        }
        List<CompletableFuture<Answer.Accepted>> answers = new ArrayList<>(legs.size());
        for (int part = 0; part < legs.size(); part++) {
            CompletableFuture<Answer.Accepted> accepted = new CompletableFuture<>();
            answers.add(accepted);
            send(legs.get(part), part, accepted);
        }
        CompletableFuture.allOf(answers.toArray(new CompletableFuture<?>[0]))
                .whenComplete((nothing, e) -> gather(answers));
    }

    private GroupCommand.Multicast command(Leg leg) {
        return via.command(
                leg.route.targets(),
                sender.name(),
                message,
                sender.causes(leg.window.join().partition()));
    }

    private void send(Leg leg, int part, CompletableFuture<Answer.Accepted> accepted) {
        Window window = leg.window.join();
        GroupCommand.Multicast command = command(leg);
        sender.sent(window.partition());
        String key = message.key();
        List<OutRecord.Header> texts = via.headers(command);
        Reply reply = new Reply() {
            @Override
            public void answered(dev.convene.protocol.log.Answer answer) {
                Sending.this.answered(leg, window.partition(), answer, accepted);
                sender.settled(window.partition());
            }

            @Override
            public void failed(ConveneException e) {
                accepted.completeExceptionally(e);
                if (e.code().happened() == ErrorCode.Happened.NO) {
                    sender.settled(window.partition());
                }
            }

            @Override
            public void late(dev.convene.protocol.log.Answer answer) {
                if (answer.isOk()) {
                    sender.delivered(window.partition(), answer.at().offset());
                }
                sender.settled(window.partition());
            }

            @Override
            public void over() {
                sender.settled(window.partition());
            }
        };
        Pending request = Pending.message(
                command.toBytes(),
                command.payload(),
                texts,
                sender.seq(message.seq()),
                key == null ? "" : key,
                via.deadlineMs(),
                reply);
        window.submit(via.timed(request.part(part), deadlineMs));
    }

    private void answered(
            Leg leg,
            int partition,
            dev.convene.protocol.log.Answer answer,
            CompletableFuture<Answer.Accepted> accepted) {
        ErrorCode error = answer.error();
        if (error != null) {
            accepted.completeExceptionally(new ConveneException(error));
            return;
        }
        sender.delivered(partition, answer.at().offset());
        List<String> dropped = MulticastReply.dropped(answer.body());
        if (needsReceiver && via.isNobody(partition, leg.route.targets(), dropped)) {
            accepted.completeExceptionally(new ConveneException(ErrorCode.NO_RECEIVER));
            return;
        }
        if (!answer.duplicate()) {
            via.counters().fannedOut(via.scheduler().nowNanos() - startNanos);
        }
        At at = via.at(leg.route.domain(), answer.at());
        accepted.complete(new Answer.Accepted(at, answer.duplicate(), dropped));
    }

    /** One answer for the records of several domains, with all positions; an error unless all were accepted. */
    private void gather(List<CompletableFuture<Answer.Accepted>> answers) {
        List<At> positions = new ArrayList<>(answers.size());
        boolean duplicate = true;
        Set<String> dropped = new LinkedHashSet<>();
        ConveneException failure = null;
        boolean maybe = false;
        ConveneException nobody = null;
        for (CompletableFuture<Answer.Accepted> answer : answers) {
            if (answer.isCompletedExceptionally()) {
                ConveneException refusal = ConveneException.of(answer.exceptionNow());
                if (refusal.code() == ErrorCode.NO_RECEIVER) {
                    nobody = refusal;
                } else {
                    failure = refusal;
                    maybe |= failure.code().happened() == ErrorCode.Happened.MAYBE;
                }
                continue;
            }
            Answer.Accepted one = answer.join();
            maybe = true;
            At at = one.at();
            if (at != null) {
                positions.add(at);
            }
            duplicate &= one.duplicate();
            dropped.addAll(one.dropped());
        }
        if (failure == null && positions.isEmpty() && nobody != null) {
            // Somebody in one domain would be enough.
            result.completeExceptionally(nobody);
        } else if (failure == null) {
            At first = positions.isEmpty() ? null : positions.removeFirst();
            result.complete(new Answer.Accepted(first, duplicate, List.copyOf(dropped), positions));
        } else {
            // What stands in one domain, or may, has happened in part.
            result.completeExceptionally(maybe ? new ConveneException(ErrorCode.OUTCOME_UNKNOWN) : failure);
        }
    }

    @Override
    public void failed(Throwable reason) {
        result.completeExceptionally(Multicasts.notSent(reason));
    }
}
