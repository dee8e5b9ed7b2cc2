package dev.convene.systemtests.simulation;

import dev.convene.gateway.adapter.log.FollowerSink;
import dev.convene.gateway.adapter.log.MachineState;
import dev.convene.gateway.core.log.GroupLog;
import dev.convene.group.GroupShard;
import dev.convene.protocol.group.GroupCommand;
import dev.convene.runtime.machine.ShardMachine;
import dev.convene.testkit.sim.MemoryLog;
import java.util.Set;

/** A partition that the product's gateway follows: its machine, and what of it the gateway is told. */
final class FollowedPartition {
    private final GroupLog.Follower follower;
    private final ShardMachine<GroupCommand> machine;
    private final FollowerSink sink;

    FollowedPartition(GroupLog.Follower follower) {
        this.follower = follower;
        this.sink = new FollowerSink(follower);
        GroupShard shard = new GroupShard(follower.listener());
        this.machine = new ShardMachine<>(shard, Set.of());
        follower.started(shard, new MachineState(machine.view()));
    }

    void apply(MemoryLog.Entry entry) {
        machine.apply(entry.offset(), entry.header(), entry.value(), sink);
        follower.batchEnded();
    }

    long nextOffset() {
        return machine.view().nextOffset();
    }
}
