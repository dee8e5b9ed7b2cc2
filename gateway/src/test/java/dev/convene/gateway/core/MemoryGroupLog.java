package dev.convene.gateway.core;

import dev.convene.gateway.adapter.log.FollowerSink;
import dev.convene.gateway.adapter.log.MachineState;
import dev.convene.gateway.core.log.GroupLog;
import dev.convene.group.GroupShard;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.group.GroupCommand;
import dev.convene.runtime.machine.EffectSink;
import dev.convene.runtime.machine.ShardMachine;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One gateway's reading of the group log in memory; moves when told to. */
final class MemoryGroupLog implements GroupLog {
    private static final class Followed {
        final Follower follower;
        final ShardMachine<GroupCommand> machine;
        boolean caughtUp;
        boolean paused;

        Followed(Follower follower) {
            this.follower = follower;
            GroupShard shard = new GroupShard(follower.listener());
            this.machine = new ShardMachine<>(shard, Set.of());
            follower.started(shard, new MachineState(machine.view()));
        }
    }

    private final MemoryLogs logs;
    private final Random random;
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final Map<Integer, Followed> followed = new LinkedHashMap<>();
    /** Below this nothing can be replayed. */
    long oldest;

    int replays;

    MemoryGroupLog(MemoryLogs logs, Random random) {
        this.logs = logs;
        this.random = random;
    }

    @Override
    public String epoch() {
        return "e";
    }

    @Override
    public int partitions() {
        return logs.groups.size();
    }

    /** What every replay fails with; null for none. */
    @Nullable ErrorCode replayFailure;

    @Override
    public void follow(int partition, Follower follower) {
        followed.put(partition, new Followed(follower));
    }

    @Override
    public void leave(int partition) {
        followed.remove(partition);
    }

    /** Can apply nothing more of the partition. */
    void halt(int partition) {
        Followed one = followed.get(partition);
        if (one != null) {
            one.paused = true;
            one.follower.halted(one.machine.view().nextOffset(), new IllegalStateException("planted"));
        }
    }

    /** Begins the partition again. */
    void goOn(int partition) {
        Followed one = followed.get(partition);
        if (one != null) {
            followed.put(partition, new Followed(one.follower));
        }
    }

    /** How many partitions are read. */
    int followed() {
        return followed.size();
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    /** Reads nothing of the partition until told otherwise. */
    void pause(int partition, boolean paused) {
        Followed one = followed.get(partition);
        if (one != null) {
            one.paused = paused;
        }
    }

    /** The partitions in an order that differs from time to time, and is the same in every run. */
    private List<Map.Entry<Integer, Followed>> order() {
        List<Map.Entry<Integer, Followed>> order = new ArrayList<>(followed.entrySet());
        Collections.shuffle(order, random);
        return order;
    }

    /** Runs what waits and applies what has been written; whether there was anything. */
    boolean move() {
        boolean moved = false;
        for (int left = tasks.size(); left > 0; left--) {
            tasks.remove().run();
            moved = true;
        }
        for (Map.Entry<Integer, Followed> entry : order()) {
            Followed one = entry.getValue();
            if (one.paused) {
                continue;
            }
            var records = logs.groups.get(entry.getKey());
            boolean applied = false;
            while (one.machine.view().nextOffset() < records.size()) {
                int offset = (int) one.machine.view().nextOffset();
                MemoryLogs.Stored stored = records.get(offset);
                one.machine.apply(offset, stored.header(), stored.value(), new FollowerSink(one.follower));
                applied = true;
            }
            if (applied) {
                one.follower.batchEnded();
            }
            if (!one.caughtUp) {
                one.caughtUp = true;
                one.follower.caughtUp();
                applied = true;
            }
            moved |= applied;
        }
        return moved;
    }

    @Override
    public CompletableFuture<Long> oldest(int partition) {
        // Nobody answers.
        return logs.away ? new CompletableFuture<>() : CompletableFuture.completedFuture(oldest);
    }

    @Override
    public CompletableFuture<Long> offsetAt(int partition, long wallMs) {
        var records = logs.groups.get(partition);
        for (int i = 0; i < records.size(); i++) {
            if (records.get(i).timestampMs() >= wallMs) {
                return CompletableFuture.completedFuture((long) i);
            }
        }
        return CompletableFuture.completedFuture((long) records.size());
    }

    @Override
    public CompletableFuture<Void> replay(int partition, long from, long to, Replay replay) {
        replays++;
        ErrorCode failure = from < oldest ? ErrorCode.NOT_RECOVERED : replayFailure;
        if (failure != null) {
            return CompletableFuture.failedFuture(new ConveneException(failure));
        }
        ShardMachine<GroupCommand> machine = new ShardMachine<>(new GroupShard(replay), Set.of());
        var records = logs.groups.get(partition);
        for (int i = 0; i < to && !replay.isEnough(); i++) {
            if (replay.isFull()) {
                replay.giveUp();
                break;
            }
            replay.beginRecord(i, records.get(i).timestampMs());
            machine.apply(i, records.get(i).header(), records.get(i).value(), EffectSink.NONE);
        }
        return CompletableFuture.completedFuture(null);
    }
}
