package dev.convene.systemtests.simulation;

import dev.convene.gateway.core.log.GroupLog;
import dev.convene.group.GroupShard;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.group.GroupCommand;
import dev.convene.runtime.host.log.Topics;
import dev.convene.runtime.machine.EffectSink;
import dev.convene.runtime.machine.ShardMachine;
import dev.convene.testkit.sim.Actor;
import dev.convene.testkit.sim.Broker;
import dev.convene.testkit.sim.MemoryLog;
import dev.convene.testkit.sim.Simulation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntToLongFunction;

/** The group log as the product's gateway reads it, over the simulated broker. */
final class SimulatedGroupLog implements GroupLog {
    private static final long REPLAY_MAX_MS = 30;

    private final Simulation simulation;
    private final Broker broker;
    private final Actor process;
    private final int partitions;
    private final String epoch;
    /** The oldest offset of a partition from which a replay can begin. */
    private final IntToLongFunction oldest;

    private final Map<Integer, FollowedPartition> followed = new HashMap<>();

    SimulatedGroupLog(
            Simulation simulation,
            Broker broker,
            Actor process,
            int partitions,
            String epoch,
            IntToLongFunction oldest) {
        this.simulation = simulation;
        this.broker = broker;
        this.process = process;
        this.partitions = partitions;
        this.epoch = epoch;
        this.oldest = oldest;
    }

    private MemoryLog log(int partition) {
        return broker.log(Topics.ofLog(GroupsRun.GROUPS), partition);
    }

    @Override
    public String epoch() {
        return epoch;
    }

    @Override
    public int partitions() {
        return partitions;
    }

    @Override
    public void follow(int partition, Follower follower) {
        FollowedPartition here = new FollowedPartition(follower);
        followed.put(partition, here);
        long end = log(partition).endOffset();
        boolean[] caughtUp = {end == 0};
        broker.tail(process, Topics.ofLog(GroupsRun.GROUPS), partition, 0, entry -> {
            if (followed.get(partition) != here) {
                return;
            }
            here.apply(entry);
            if (!caughtUp[0] && here.nextOffset() >= end) {
                caughtUp[0] = true;
                follower.caughtUp();
            }
        });
        if (caughtUp[0]) {
            process.after(1, follower::caughtUp);
        }
    }

    @Override
    public void leave(int partition) {
        followed.remove(partition);
    }

    @Override
    public void execute(Runnable task) {
        process.after(0, task);
    }

    @Override
    public CompletableFuture<Long> oldest(int partition) {
        return CompletableFuture.completedFuture(oldest.applyAsLong(partition));
    }

    @Override
    public CompletableFuture<Long> offsetAt(int partition, long wallMs) {
        return CompletableFuture.completedFuture(0L);
    }

    @Override
    public CompletableFuture<Void> replay(int partition, long from, long to, Replay replay) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        process.after(simulation.between(1, REPLAY_MAX_MS), () -> {
            if (from < oldest.applyAsLong(partition)) {
                done.completeExceptionally(new ConveneException(ErrorCode.NOT_RECOVERED));
                return;
            }
            ShardMachine<GroupCommand> machine = new ShardMachine<>(new GroupShard(replay), Set.of());
            for (MemoryLog.Entry entry : log(partition).all()) {
                if (entry.offset() >= to || replay.isEnough()) {
                    break;
                }
                if (replay.isFull()) {
                    replay.giveUp();
                    break;
                }
                replay.beginRecord(entry.offset(), simulation.nowMs());
                machine.apply(entry.offset(), entry.header(), entry.value(), EffectSink.NONE);
            }
            done.complete(null);
        });
        return done;
    }

    /** Whether everything was read. */
    boolean isAtEnd() {
        List<Integer> behind = followed.entrySet().stream()
                .filter(one -> one.getValue().nextOffset() < log(one.getKey()).endOffset())
                .map(Map.Entry::getKey)
                .toList();
        return behind.isEmpty();
    }
}
