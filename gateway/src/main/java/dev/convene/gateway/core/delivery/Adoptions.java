package dev.convene.gateway.core.delivery;

import dev.convene.gateway.core.log.GroupLog;
import dev.convene.gateway.core.session.LocalSession;
import dev.convene.gateway.core.session.SessionIdentity;
import dev.convene.gateway.core.time.Futures;
import dev.convene.gateway.core.time.Scheduler;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Position;
import dev.convene.runtime.Attachment;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/** Gives sessions their places in partitions, at the exact record from which on this gateway serves them. For the tail's thread. */
final class Adoptions {
    /** How long a partition may take to be read before a session is told that it could not be served there. */
    private static final long READING_MAX_MS = 60_000;

    private final GroupLog log;
    private final Scheduler scheduler;
    private final Map<Long, Receiver> receivers;
    private final Courier courier;
    private final Replays replays;
    private final IntToLongFunction appliedTo;

    Adoptions(
            GroupLog log,
            Scheduler scheduler,
            Map<Long, Receiver> receivers,
            Courier courier,
            Replays replays,
            IntToLongFunction appliedTo) {
        this.log = log;
        this.scheduler = scheduler;
        this.receivers = receivers;
        this.courier = courier;
        this.replays = replays;
        this.appliedTo = appliedTo;
    }

    record Entry(
            LocalSession session, boolean resumed, @Nullable Position from, long deadlineMs) {}

    /** Also a partition that takes long to read, or cannot be opened, is not waited for without end. */
    void bound(CompletableFuture<Adoption> adopted) {
        endAfter(READING_MAX_MS, adopted);
    }

    private void endAfter(long delayMs, CompletableFuture<Adoption> adopted) {
        Scheduler.Delayed end = scheduler.after(
                delayMs,
                () -> log.execute(
                        () -> adopted.completeExceptionally(new ConveneException(ErrorCode.OUTCOME_UNKNOWN))));
        adopted.whenComplete((adoption, e) -> end.cancel());
    }

    /** Adopts it now, or when the partition shows that this life serves it. */
    void tryAdopt(Entry entry, GroupPartition partition, CompletableFuture<Adoption> adopted) {
        if (adopted.isDone() || partition.isHalted()) {
            adopted.completeExceptionally(new ConveneException(ErrorCode.SHARD_HALTED));
            return;
        }
        SessionIdentity identity = entry.session.identity();
        Attachment attached = partition.machine().session(identity.id());
        if (attached != null && attached.epoch() > identity.epoch()) {
            adopted.completeExceptionally(new ConveneException(ErrorCode.STALE_EPOCH));
        } else if (attached != null
                && attached.epoch() == identity.epoch()
                && attached.incarnation() == identity.incarnation()) {
            Futures.pass(enter(entry, partition), adopted);
        } else {
            Runnable retry = () -> tryAdopt(entry, partition, adopted);
            partition.whenMoved(identity.id(), retry);
            adopted.whenComplete((adoption, e) -> partition.forget(identity.id(), retry));
            endAfter(Math.max(1, entry.deadlineMs - scheduler.nowMs()), adopted);
        }
    }

    private CompletableFuture<Adoption> enter(Entry entry, GroupPartition partition) {
        LocalSession session = entry.session;
        long id = session.identity().id();
        int number = partition.partition();
        Receiver receiver = receivers.computeIfAbsent(id, Receiver::new);
        if (receiver.session != session && receiver.epoch > session.identity().epoch()) {
            // A later resume was here before: what it was promised is not taken away by an earlier one that comes late.
            return CompletableFuture.failedFuture(new ConveneException(ErrorCode.STALE_EPOCH));
        }
        if (receiver.session != session) {
            receiver.park();
            courier.forget(receiver);
            receiver.session = session;
            receiver.epoch = session.identity().epoch();
            // Places that it kept here give nothing before their own partition has been asked what was missed.
            for (Place kept : receiver.places()) {
                kept.hold(Position.START);
            }
        }
        Position liveAfter = partition.lastAt();
        Place place = receiver.place(number);
        if (place == null) {
            place = new Place(number, liveAfter);
            receiver.add(place);
            partition.fanOut().enter(receiver, partition.membersOf(id));
        }
        raise(receiver, session);
        if (entry.resumed) {
            session.vector().raise(partition.shard().precedents());
        }
        long lastNumber = partition.machine().lastNumber(id);
        if (!entry.resumed) {
            return CompletableFuture.completedFuture(new Adoption(number, lastNumber, liveAfter, liveAfter, true));
        }
        CompletableFuture<Boolean> prepared = replays.prepare(receiver, place, partition, entry.from, liveAfter);
        Position missedAfter = place.reached;
        return prepared.thenApply(recoverable -> new Adoption(number, lastNumber, liveAfter, missedAfter, recoverable));
    }

    /**
     * From its second domain on a session's vector counts. What it was given and what it sent before, also under an earlier
     * epoch, precedes everything that it sends.
     */
    private void raise(Receiver receiver, LocalSession session) {
        if (receiver.places().length > 1) {
            for (Place place : receiver.places()) {
                session.vector().raise(place.partition, appliedTo.applyAsLong(place.partition));
            }
        }
    }
}
