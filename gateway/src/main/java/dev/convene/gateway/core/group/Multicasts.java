package dev.convene.gateway.core.group;

import dev.convene.gateway.core.GatewayCounters;
import dev.convene.gateway.core.delivery.Tail;
import dev.convene.gateway.core.life.CoreSettings;
import dev.convene.gateway.core.log.Logs;
import dev.convene.gateway.core.log.OutRecord;
import dev.convene.gateway.core.request.Outlet;
import dev.convene.gateway.core.request.Pending;
import dev.convene.gateway.core.request.Requester;
import dev.convene.gateway.core.request.Window;
import dev.convene.gateway.core.time.Futures;
import dev.convene.gateway.core.time.Scheduler;
import dev.convene.group.GroupShard;
import dev.convene.protocol.At;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Position;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.Tenants;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.protocol.group.GroupCommand;
import dev.convene.protocol.group.GroupHeaders;
import dev.convene.protocol.log.LogEntry;
import dev.convene.protocol.log.Origin;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What every {@link Sending} needs. Thread-safe. */
final class Multicasts {
    /** A log that is there takes a request within this time. */
    private static final long APPEND_LEAST_MS = 100;

    private final Tail tail;
    private final Outlet outlet;
    private final CoreSettings settings;
    private final GatewayCounters counters;

    Multicasts(Tail tail, Outlet outlet, CoreSettings settings, GatewayCounters counters) {
        this.tail = tail;
        this.outlet = outlet;
        this.settings = settings;
        this.counters = counters;
    }

    Scheduler scheduler() {
        return outlet.scheduler();
    }

    GatewayCounters counters() {
        return counters;
    }

    long deadlineMs() {
        return outlet.scheduler().nowMs() + settings.requestTimeoutMs();
    }

    /**
     * The request with a deadline for its append that counts from its call: what it waited for before it could go must not
     * keep its client twice as long while the log is away.
     *
     * @param calledUntilMs its {@link #deadlineMs} when it was called
     */
    Pending timed(Pending request, long calledUntilMs) {
        return request.appendedUntil(Math.max(calledUntilMs, outlet.scheduler().nowMs() + APPEND_LEAST_MS));
    }

    /** The same, or a refusal if it takes longer; nothing was sent then. */
    CompletableFuture<?> within(CompletableFuture<?> wait, long untilMs) {
        CompletableFuture<Object> bounded = new CompletableFuture<>();
        Futures.pass(wait, bounded);
        Scheduler.Delayed timeout = scheduler()
                .after(
                        Math.max(1, untilMs - scheduler().nowMs()),
                        () -> bounded.completeExceptionally(new ConveneException(ErrorCode.UNAVAILABLE)));
        bounded.whenComplete((value, e) -> timeout.cancel());
        return bounded;
    }

    At at(String domain, Position position) {
        return tail.at(domain, position);
    }

    /**
     * Of these private groups those that go along with ordinary targets of a partition: their sessions are attached there. One
     * that is not to be found has a record of its own in its default domain, which decides whether it is there; where the
     * service allows only one record it goes along, and is told as dropped if it is not there.
     */
    CompletableFuture<List<String>> goingAlong(int partition, List<String> names, ServiceLevel service) {
        return tail.attachedOf(partition, names, service.number() > ServiceLevel.FIFO.number());
    }

    /** Whether none of these targets has anybody, as of the answer that is being given; on the tail's thread. */
    boolean isNobody(int partition, List<String> targets, List<String> dropped) {
        GroupShard shard = tail.shard(partition);
        for (String target : targets) {
            boolean somebody = Tenants.isPrivate(target)
                    ? !dropped.contains(target)
                    : shard.groups().find(target) != null;
            if (somebody) {
                return false;
            }
        }
        return true;
    }

    GroupCommand.Multicast command(
            List<String> targets, String from, GroupOperation.Multicast message, List<GroupCommand.Cause> causes) {
        String replyTo = message.replyTo();
        String correlation = message.correlation();
        return new GroupCommand.Multicast(
                targets,
                from,
                message.service(),
                message.type(),
                message.selfDiscard(),
                message.body().content(),
                replyTo == null ? "" : replyTo,
                correlation == null ? "" : correlation,
                causes,
                message.body().bytes());
    }

    List<OutRecord.Header> headers(GroupCommand.Multicast message) {
        List<OutRecord.Header> headers = new ArrayList<>(5);
        headers.add(header(GroupHeaders.FROM, message.from()));
        headers.add(header(GroupHeaders.TO, String.join(",", message.groups())));
        headers.add(header(GroupHeaders.SERVICE, message.service().wireName()));
        if (message.type() != 0) {
            headers.add(header(GroupHeaders.TYPE, Integer.toString(message.type())));
        }
        headers.add(header(GroupHeaders.CONTENT, message.content().wireName()));
        return headers;
    }

    private static OutRecord.Header header(String name, String value) {
        return new OutRecord.Header(name, value.getBytes(StandardCharsets.UTF_8));
    }

    /** Neither numbered nor acknowledged. */
    void sendUnreliably(Window window, GroupCommand.Multicast command, GroupOperation.Multicast message) {
        Requester requester = window.requester();
        Origin origin = new Origin(requester.incarnation(), requester.id(), requester.epoch(), 0, 0, 0, "");
        List<OutRecord.Header> headers = headers(command);
        headers.add(new OutRecord.Header(
                LogEntry.HEADER, new LogEntry.Command(origin, command.toBytes(), command.payload()).toBytes()));
        outlet.appender()
                .appendUnreliably(
                        Logs.GROUPS,
                        window.partition(),
                        new OutRecord(headers, message.body().bytes()),
                        counters.unreliableNotSent::increment);
    }

    /** Why a request could not even be sent: what is unknown is not its own outcome. */
    static Throwable notSent(Throwable failure) {
        boolean unknown = ConveneException.of(failure).code() == ErrorCode.OUTCOME_UNKNOWN;
        return unknown ? new ConveneException(ErrorCode.UNAVAILABLE) : failure;
    }
}
