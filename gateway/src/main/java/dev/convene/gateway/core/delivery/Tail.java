package dev.convene.gateway.core.delivery;

import dev.convene.gateway.core.GatewayCounters;
import dev.convene.gateway.core.log.LimitedPasses;
import dev.convene.gateway.core.log.PartitionState;
import dev.convene.gateway.core.session.LocalSession;
import dev.convene.gateway.core.time.Futures;
import dev.convene.gateway.core.time.Scheduler;
import dev.convene.group.GroupShard;
import dev.convene.protocol.At;
import dev.convene.protocol.CloseCode;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Position;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The reading side of the gateway: which partitions it follows, and which of its sessions stand in which. Methods that return
 * futures may be called by any thread; everything else belongs to the tail's thread.
 */
public final class Tail {
    private final LimitedPasses log;
    private final Scheduler scheduler;
    private final TailSettings settings;
    private final DeliveryEvents events;
    private final LifeEvents life;
    private final Windows windows;
    private final Pushes pushes;
    private final Courier courier;
    private final Replays replays;
    private final CatchUp catchUp;
    private final Adoptions adoptions;
    private final GatewayCounters counters;
    private final Ring.StampSource stamps = new Ring.StampSource();
    private final Map<Long, Receiver> receivers = new HashMap<>();
    private final FollowedPartitions partitions;
    private volatile long incarnation = -1;

    public Tail(
            LimitedPasses log,
            Scheduler scheduler,
            TailSettings settings,
            DeliveryEvents events,
            LifeEvents life,
            Windows windows,
            GatewayCounters counters) {
        this.log = log;
        this.scheduler = scheduler;
        this.settings = settings;
        this.events = events;
        this.life = life;
        this.windows = windows;
        this.counters = counters;
        this.pushes = new Pushes(log.epoch(), settings.membersListedMax());
        this.partitions = new FollowedPartitions(log, scheduler, this::make);
        this.courier = new Courier(events, counters, settings.queuedBytesMax(), partitions::appliedTo, this::released);
        this.replays = new Replays(this, log, scheduler, pushes, courier);
        this.catchUp = replays.catchUp();
        this.adoptions = new Adoptions(log, scheduler, receivers, courier, replays, partitions::appliedTo);
    }

    long incarnation() {
        return incarnation;
    }

    Windows windows() {
        return windows;
    }

    /** How positions look to clients. */
    public Pushes pushes() {
        return pushes;
    }

    /** A new life of the gateway: sessions of the earlier one are forgotten. */
    public CompletableFuture<Void> begin(long newIncarnation) {
        incarnation = newIncarnation;
        return onTail(() -> {
            for (Receiver receiver : List.copyOf(receivers.values())) {
                drop(receiver);
            }
            return CompletableFuture.<Void>completedFuture(null);
        });
    }

    /** Follows a partition; completes, on the tail's thread, when its end has been reached. */
    public CompletableFuture<Void> follow(int partition) {
        return onTail(() -> partition(partition).ready());
    }

    /** Completes when a gateway life is attached to a followed partition; fails when it is no longer the present one. */
    public CompletableFuture<Void> whenAttached(int partition, long life) {
        CompletableFuture<Void> attached = new CompletableFuture<>();
        log.execute(() -> partitions.whenLive(partition, life, () -> incarnation, attached));
        return attached;
    }

    /** Reads the state of a partition; completes on the tail's thread. */
    public <T> CompletableFuture<T> read(int partition, Function<GroupShard, T> reading) {
        return read(partition, null, Long.MAX_VALUE, reading);
    }

    /**
     * Reads the state of a partition when it is applied up to a position; completes on the tail's thread.
     *
     * @param at the position, or null for what is applied now
     * @param deadlineMs gives up with TIMED_OUT within a second after this, scheduler milliseconds
     */
    public <T> CompletableFuture<T> read(
            int partition, @Nullable Position at, long deadlineMs, Function<GroupShard, T> reading) {
        return onTail(() -> {
            GroupPartition known = partition(partition);
            return known.ready()
                    .thenCompose(nothing -> known.whenApplied(at, deadlineMs))
                    .thenApply(nothing -> reading.apply(known.shard()));
        });
    }

    /**
     * Of these private groups those whose sessions are attached to a partition.
     *
     * @param orNowhere also those of sessions that are not to be found here; they may have connected elsewhere just now
     */
    public CompletableFuture<List<String>> attachedOf(int partition, List<String> names, boolean orNowhere) {
        return onTail(() -> {
            GroupPartition known = partition(partition);
            return known.ready()
                    .thenApply(nothing -> names.stream()
                            .filter(name -> known.machine().session(name) != null || orNowhere && isNowhere(name))
                            .toList());
        });
    }

    private boolean isNowhere(String privateGroup) {
        return partitions.all().stream()
                .noneMatch(one -> one.isStarted() && one.machine().session(privateGroup) != null);
    }

    /** How far a partition is applied; completes on the tail's thread. */
    public CompletableFuture<Position> appliedUpTo(int partition) {
        return onTail(() -> {
            GroupPartition known = partition(partition);
            return known.ready().thenApply(nothing -> known.lastAt());
        });
    }

    /** The state of a partition as it is now; on the tail's thread only, in a reply. */
    public GroupShard shard(int partition) {
        return partition(partition).shard();
    }

    private void released(Receiver receiver) {
        catchUp.pump(receiver);
    }

    /** The place of the newest thing of a followed partition; on the tail's thread. */
    public Position lastAt(int partition) {
        return partition(partition).lastAt();
    }

    private GroupPartition partition(int number) {
        return partitions.get(number);
    }

    private GroupPartition make(int number) {
        FanOut fanOut = new FanOut(number, receivers, courier, stamps, pushes, settings.ringBytesMax());
        return new GroupPartition(this, number, fanOut);
    }

    private <T> CompletableFuture<T> onTail(Callable<CompletableFuture<T>> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        log.execute(() -> {
            try {
                Futures.pass(task.call(), result);
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    /**
     * Gives a session its place in a partition, as soon as the partition shows that this life serves it under its epoch.
     *
     * @param resumed whether its client had it before: then it gets nothing before {@link #recover} or {@link #goLive};
     *     otherwise it is live at once
     * @param from the newest position there that its client has, or null if it gave none
     * @param deadlineMs when to give up, scheduler milliseconds
     */
    public CompletableFuture<Adoption> adopt(
            LocalSession session, int partition, boolean resumed, @Nullable Position from, long deadlineMs) {
        Adoptions.Entry entry = new Adoptions.Entry(session, resumed, from, deadlineMs);
        return onTail(() -> {
            GroupPartition known = partition(partition);
            CompletableFuture<Adoption> adopted = new CompletableFuture<>();
            adoptions.bound(adopted);
            known.ready().whenComplete((nothing, e) -> {
                if (e == null) {
                    adoptions.tryAdopt(entry, known, adopted);
                } else {
                    adopted.completeExceptionally(new ConveneException(ErrorCode.SHARD_HALTED));
                }
            });
            return adopted;
        });
    }

    /** Gives the session what it missed in the partitions where it was adopted with a position, then what comes. */
    public void recover(LocalSession session) {
        log.execute(() -> replays.start(receivers.get(session.identity().id()), session));
    }

    /** Gives the session only what comes from its adoption on. */
    public void goLive(LocalSession session) {
        log.execute(() -> {
            Receiver receiver = receivers.get(session.identity().id());
            if (receiver != null && receiver.session == session) {
                for (Place place : receiver.places()) {
                    catchUp.skipTo(place);
                    catchUp.opened(receiver, place);
                }
                courier.batchEnded();
            }
        });
    }

    /**
     * Gives what was to come first, history before a join; the rest follows.
     *
     * @return how many of them are given: the newest that fit, none if the session is no longer served here
     */
    public CompletableFuture<Integer> giveHistory(LocalSession session, int partition, List<SharedPush> history) {
        CompletableFuture<Integer> given = new CompletableFuture<>();
        log.execute(() -> {
            int taken = 0;
            Receiver receiver = receivers.get(session.identity().id());
            Place place = receiver == null || receiver.session != session ? null : receiver.place(partition);
            if (receiver != null && place != null) {
                taken = catchUp.history(receiver, place, history);
                courier.batchEnded();
            }
            given.complete(taken);
        });
        return given;
    }

    /** Nothing is given to the session any longer; its places stay for a while. */
    public void park(LocalSession session) {
        log.execute(() -> {
            Receiver receiver = receivers.get(session.identity().id());
            if (receiver != null && receiver.session == session) {
                receiver.park();
                courier.forget(receiver);
            }
        });
    }

    /** Forgets sessions that have ended, and partitions that were only looked at and not for a while. */
    public void sweep() {
        log.execute(() -> {
            partitions.sweep(this::isNeeded);
            for (Receiver receiver : List.copyOf(receivers.values())) {
                if (hasEnded(receiver)) {
                    gone(receiver, CloseCode.SESSION_ENDED);
                }
            }
        });
    }

    /** Whether this life or one of its sessions is attached there. */
    private boolean isNeeded(GroupPartition partition) {
        return partition.machine().isLive(incarnation)
                || receivers.values().stream().anyMatch(receiver -> receiver.place(partition.partition()) != null);
    }

    private boolean hasEnded(Receiver receiver) {
        for (Place place : receiver.places()) {
            GroupPartition partition = partitions.known(place.partition);
            PartitionState machine = partition == null || partition.isHalted() ? null : partition.machine();
            if (machine != null && machine.session(receiver.id) == null) {
                return true;
            }
        }
        return false;
    }

    /** The position of a session that has just been adopted, as clients see it. */
    public At at(String domain, Position position) {
        return pushes.at(domain, position);
    }

    /** Whether the position is one of this log. Any thread. */
    public boolean isOfThisLog(At at) {
        return at.epoch().equals(pushes.epoch());
    }

    /** Refuses a position of another log, in the name of this field. Any thread. */
    public void requireOfThisLog(At at, String field) {
        if (!isOfThisLog(at)) {
            throw new ConveneException(ErrorCode.NOT_RECOVERED, field, ErrorCode.NOT_RECOVERED.advice());
        }
    }

    // What the partitions tell

    /** The session went elsewhere under this epoch; old news from a partition that is still read up changes nothing. */
    void moved(long session, int epoch) {
        Receiver receiver = receivers.get(session);
        if (receiver != null && epoch > receiver.epoch) {
            gone(receiver, CloseCode.STALE);
        }
    }

    private void gone(Receiver receiver, CloseCode why) {
        LocalSession session = receiver.session;
        drop(receiver);
        if (session != null) {
            events.gone(session, why);
        }
    }

    private void drop(Receiver receiver) {
        for (Place place : receiver.places()) {
            GroupPartition partition = partitions.known(place.partition);
            if (partition != null) {
                partition.fanOut().leave(receiver, partition.membersOf(receiver.id));
            }
        }
        receiver.park();
        courier.forget(receiver);
        receivers.remove(receiver.id, receiver);
    }

    void lostPosition(int partition) {
        cutAll(partition, CloseCode.POSITION_LOST);
    }

    /** By a fault of this gateway these may not have got what was due to them: they have to begin again from the log. */
    void deliveryFailed(RuntimeException cause, Set<Long> sessions) {
        counters.deliveryFailures.increment();
        life.failed(cause);
        for (Long session : sessions) {
            Receiver receiver = receivers.get(session);
            if (receiver != null) {
                cut(receiver, CloseCode.DELIVERY_FAILED);
            }
        }
    }

    /** As above, for whoever stands there. */
    void deliveryFailed(int partition, RuntimeException cause) {
        counters.deliveryFailures.increment();
        life.failed(cause);
        cutAll(partition, CloseCode.DELIVERY_FAILED);
    }

    /** By a fault of this gateway it is not known what became of this requester's requests. */
    void requestFailed(long requester, RuntimeException cause) {
        life.failed(cause);
        outOfStep(requester);
    }

    private void cutAll(int partition, CloseCode why) {
        for (Receiver receiver : List.copyOf(receivers.values())) {
            if (receiver.place(partition) != null) {
                cut(receiver, why);
            }
        }
    }

    void cut(Receiver receiver, CloseCode why) {
        LocalSession session = receiver.session;
        drop(receiver);
        if (session != null) {
            events.cut(session, why);
        }
    }

    /** Whoever this is begins anew: a session resumes, the gateway itself registers again. */
    void outOfStep(long requester) {
        counters.outOfStep.increment();
        Receiver receiver = receivers.get(requester);
        if (requester == incarnation) {
            life.ownRequestsOutOfStep();
        } else if (receiver != null) {
            cut(receiver, CloseCode.OUT_OF_STEP);
        }
    }

    void batchEnded() {
        courier.batchEnded();
    }

    void ownLifeLost() {
        counters.livesLost.increment();
        life.ownLifeLost();
    }

    /** Nothing can be promised any longer to whoever is attached there: they are told. */
    void halted(int partition, long offset, RuntimeException cause) {
        partitions.halted(partition, offset);
        life.halted(partition, offset, cause);
        cutAll(partition, CloseCode.SHARD_HALTED);
    }

    FollowedPartitions followed() {
        return partitions;
    }

    /** Partitions that cannot be applied, with the offset at which each stands. Any thread. */
    public Map<Integer, Long> halted() {
        return partitions.halted();
    }

    /** Refuses if the partition cannot be applied. Any thread. */
    public void requireRunning(int partition) {
        partitions.requireRunning(partition);
    }

    @Nullable Receiver receiver(long id) {
        return receivers.get(id);
    }

    Ring.StampSource stamps() {
        return stamps;
    }

    TailSettings settings() {
        return settings;
    }

    GatewayCounters counters() {
        return counters;
    }
}
