package dev.convene.gateway.core.delivery;

import dev.convene.gateway.core.log.GroupLog;
import dev.convene.gateway.core.time.Scheduler;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The partitions of the group log that this gateway reads at present. For the tail's thread unless said otherwise. */
final class FollowedPartitions {
    /** A partition that nobody is attached to is followed for this long after it was looked at. */
    private static final long IDLE_MS = 60_000;

    private static final long LIFE_CHECK_MS = 5;

    private final GroupLog log;
    private final Scheduler scheduler;
    private final IntFunction<GroupPartition> make;
    private final Map<Integer, GroupPartition> partitions = new HashMap<>();
    private final Map<Integer, Long> halted = new ConcurrentHashMap<>();

    FollowedPartitions(GroupLog log, Scheduler scheduler, IntFunction<GroupPartition> make) {
        this.log = log;
        this.scheduler = scheduler;
        this.make = make;
    }

    /** The partition, followed from now on if it was not. */
    GroupPartition get(int number) {
        GroupPartition known = partitions.get(number);
        if (known == null) {
            known = make.apply(number);
            partitions.put(number, known);
            log.follow(number, known);
        }
        known.usedAtMs = scheduler.nowMs();
        return known;
    }

    /** The partition if it is followed. */
    @Nullable GroupPartition known(int number) {
        return partitions.get(number);
    }

    Collection<GroupPartition> all() {
        return partitions.values();
    }

    /** The newest offset of a partition that was applied, -1 before the first. */
    long appliedTo(int number) {
        GroupPartition known = partitions.get(number);
        return known == null ? -1 : known.applied();
    }

    /**
     * Completes when a gateway life is attached to a partition; fails when that has halted, or the life is over.
     *
     * @param present the life that is served at present
     */
    void whenLive(int number, long life, LongSupplier present, CompletableFuture<Void> attached) {
        if (attached.isDone()) {
            return;
        }
        if (present.getAsLong() != life) {
            attached.completeExceptionally(new ConveneException(ErrorCode.GATEWAY_LOST));
            return;
        }
        GroupPartition partition = get(number);
        if (partition.isHalted()) {
            attached.completeExceptionally(new ConveneException(ErrorCode.SHARD_HALTED));
        } else if (partition.ready().isDone() && partition.machine().isLive(life)) {
            attached.complete(null);
        } else {
            scheduler.after(LIFE_CHECK_MS, () -> log.execute(() -> whenLive(number, life, present, attached)));
        }
    }

    /** Tells readers whose time is over, and leaves partitions that nobody needs and that were not looked at for a while. */
    void sweep(Predicate<GroupPartition> isNeeded) {
        long nowMs = scheduler.nowMs();
        for (GroupPartition partition : List.copyOf(partitions.values())) {
            partition.expire(nowMs);
            if (partition.usedAtMs < nowMs - IDLE_MS && partition.isIdle() && !isNeeded.test(partition)) {
                partitions.remove(partition.partition());
                log.leave(partition.partition());
            }
        }
    }

    /** A partition cannot be applied beyond an offset. */
    void halted(int number, long offset) {
        halted.put(number, offset);
    }

    /** A partition that had halted goes on. */
    void goesOn(int number) {
        halted.remove(number);
    }

    /** Partitions that cannot be applied, with the offset at which each stands. Any thread. */
    Map<Integer, Long> halted() {
        return Map.copyOf(halted);
    }

    /** Refuses if the partition cannot be applied. Any thread. */
    void requireRunning(int number) {
        if (halted.containsKey(number)) {
            throw new ConveneException(ErrorCode.SHARD_HALTED);
        }
    }
}
