package dev.convene.gateway.core.delivery;

import dev.convene.gateway.core.log.GroupLog;
import dev.convene.gateway.core.log.PartitionState;
import dev.convene.gateway.core.request.Window;
import dev.convene.group.GroupListener;
import dev.convene.group.GroupShard;
import dev.convene.group.Member;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Position;
import dev.convene.protocol.log.Answer;
import dev.convene.protocol.log.Origin;
import dev.convene.runtime.Attachment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One partition of the group log as this gateway follows it. For the tail's thread. */
final class GroupPartition implements GroupLog.Follower {
    private static final int UNAPPLIED_MAX = 10_000;

    private final Tail tail;
    private final int partition;
    private final FanOut fanOut;
    private final GroupListener listener;
    private CompletableFuture<Void> ready = new CompletableFuture<>();
    /** Sessions whose attachment or resume has not come by yet. */
    private final Map<Long, List<Runnable>> awaited = new LinkedHashMap<>();

    /** Readers that wait until something is applied; the first is the one with the lowest offset. */
    private final PriorityQueue<Awaited> unapplied = new PriorityQueue<>(Comparator.comparingLong(Awaited::offset));

    /** When it was looked at last, scheduler milliseconds. */
    long usedAtMs;

    private @Nullable GroupShard shard;
    private @Nullable PartitionState machine;
    private boolean halted;

    GroupPartition(Tail tail, int partition, FanOut fanOut) {
        this.tail = tail;
        this.partition = partition;
        this.fanOut = fanOut;
        this.listener = new GuardedListener(fanOut, tail::deliveryFailed);
    }

    private record Awaited(long offset, long deadlineMs, CompletableFuture<Void> applied) {}

    int partition() {
        return partition;
    }

    /** Whether it has begun well and nobody waits for anything in it. */
    boolean isIdle() {
        return ready.isDone() && !halted && isStarted() && awaited.isEmpty() && unapplied.isEmpty();
    }

    /** Completes when everything up to this position is applied. */
    CompletableFuture<Void> whenApplied(@Nullable Position at, long deadlineMs) {
        if (at == null || at.offset() <= applied()) {
            return CompletableFuture.completedFuture(null);
        }
        if (unapplied.size() >= UNAPPLIED_MAX) {
            return CompletableFuture.failedFuture(new ConveneException(ErrorCode.OVERLOADED));
        }
        Awaited one = new Awaited(at.offset(), deadlineMs, new CompletableFuture<>());
        unapplied.add(one);
        return one.applied;
    }

    /** Tells readers whose time is over. */
    void expire(long nowMs) {
        unapplied.removeIf(one -> one.deadlineMs <= nowMs
                && one.applied.completeExceptionally(new ConveneException(ErrorCode.TIMED_OUT)));
    }

    private void tellApplied() {
        for (Awaited first = unapplied.peek(); first != null && first.offset <= applied(); first = unapplied.peek()) {
            unapplied.remove();
            first.applied.complete(null);
        }
    }

    FanOut fanOut() {
        return fanOut;
    }

    /** Completes on the tail's thread when its end, as it was when following began, was reached. */
    CompletableFuture<Void> ready() {
        return ready;
    }

    boolean isHalted() {
        return halted;
    }

    boolean isStarted() {
        return machine != null;
    }

    GroupShard shard() {
        return require(shard);
    }

    PartitionState machine() {
        return require(machine);
    }

    /** The newest offset that was applied. */
    long applied() {
        return machine == null ? -1 : machine.nextOffset() - 1;
    }

    /** The place after the newest thing that members were told and the newest record that was applied. */
    Position lastAt() {
        Position whole = Position.of(Math.max(0, applied()));
        Position told = fanOut.lastAt();
        return applied() < 0 && told.equals(Position.START) ? Position.START : told.isAfter(whole) ? told : whole;
    }

    private static <T> T require(@Nullable T value) {
        if (value == null) {
            throw new ConveneException(ErrorCode.STARTING);
        }
        return value;
    }

    @Override
    public GroupListener listener() {
        return listener;
    }

    @Override
    public void started(GroupShard newShard, PartitionState newMachine) {
        boolean again = shard != null;
        shard = newShard;
        machine = newMachine;
        if (halted) {
            halted = false;
            ready = new CompletableFuture<>();
            tail.followed().goesOn(partition);
        }
        if (again) {
            // Records were lost to this reader: nobody here has an unbroken stream.
            tail.lostPosition(partition);
        }
        fanOut.started(newMachine.nextOffset());
    }

    @Override
    public void batchEnded() {
        try {
            tail.batchEnded();
        } catch (RuntimeException e) {
            tail.deliveryFailed(partition, e);
        }
        if (!unapplied.isEmpty()) {
            tellApplied();
        }
    }

    @Override
    public void caughtUp() {
        ready.complete(null);
    }

    @Override
    public void halted(long offset, RuntimeException cause) {
        halted = true;
        if (!ready.completeExceptionally(new ConveneException(ErrorCode.SHARD_HALTED))) {
            ready = CompletableFuture.failedFuture(new ConveneException(ErrorCode.SHARD_HALTED));
        }
        awaited.values().forEach(waiting -> waiting.forEach(Runnable::run));
        awaited.clear();
        unapplied.forEach(one -> one.applied.completeExceptionally(new ConveneException(ErrorCode.SHARD_HALTED)));
        unapplied.clear();
        tail.halted(partition, offset, cause);
    }

    /** Runs an action when the session has moved here, in the middle of the record that says so. */
    void whenMoved(long session, Runnable action) {
        awaited.computeIfAbsent(session, id -> new ArrayList<>(1)).add(action);
    }

    /** Nobody waits for this any longer. */
    void forget(long session, Runnable action) {
        List<Runnable> waiting = awaited.get(session);
        if (waiting != null && waiting.remove(action) && waiting.isEmpty()) {
            awaited.remove(session);
        }
    }

    /** What the session has joined here. */
    List<Member> membersOf(long session) {
        return shard == null ? List.of() : shard.groups().of(session);
    }

    // Effects

    @Override
    public void answer(long incarnation, long requester, long number, long ref, Answer answer) {
        if (incarnation != tail.incarnation()) {
            return;
        }
        try {
            Window window = tail.windows().find(requester, -1, partition);
            if (window != null && !window.answered(number, ref, answer)) {
                tail.outOfStep(requester);
            }
        } catch (RuntimeException e) {
            tail.requestFailed(requester, e);
        }
    }

    @Override
    public void outOfTurn(long incarnation, long requester, long number, long ref, long lastNumber) {
        if (incarnation != tail.incarnation()) {
            return;
        }
        try {
            Window window = tail.windows().find(requester, -1, partition);
            if (window != null && !window.outOfTurn(number, ref, lastNumber)) {
                tail.outOfStep(requester);
            }
        } catch (RuntimeException e) {
            tail.requestFailed(requester, e);
        }
    }

    @Override
    public void passedOver(Origin origin, GroupLog.Passed reason) {
        if (origin.incarnation() != tail.incarnation() || origin.number() == 0) {
            return;
        }
        try {
            tellPassedOver(origin, reason);
        } catch (RuntimeException e) {
            tail.requestFailed(origin.requester(), e);
        }
    }

    private void tellPassedOver(Origin origin, GroupLog.Passed reason) {
        Window window = tail.windows().find(origin.requester(), origin.epoch(), partition);
        if (window == null) {
            return;
        }
        switch (reason) {
            case NOT_ATTACHED -> window.close(new ConveneException(ErrorCode.SESSION_ENDED));
            case STALE_EPOCH -> window.close(new ConveneException(ErrorCode.STALE_EPOCH));
            case OTHERWISE_KNOWN -> {}
        }
    }

    @Override
    public void sessionMoved(long session, long incarnation) {
        Attachment attached = machine().session(session);
        if (incarnation != tail.incarnation() && attached != null) {
            tail.moved(session, attached.epoch());
        }
        List<Runnable> waiting = awaited.remove(session);
        if (waiting != null) {
            try {
                waiting.forEach(Runnable::run);
            } catch (RuntimeException e) {
                tail.deliveryFailed(e, Set.of(session));
            }
        }
    }

    @Override
    public void gatewayLost(long incarnation) {
        if (incarnation == tail.incarnation()) {
            tail.ownLifeLost();
        }
    }
}
