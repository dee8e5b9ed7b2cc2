package dev.convene.systemtests.simulation;

import dev.convene.gateway.core.log.GroupLog;
import dev.convene.gateway.core.log.PartitionState;
import dev.convene.group.GroupShard;
import dev.convene.protocol.Position;
import dev.convene.protocol.group.GroupCommand;
import dev.convene.protocol.log.Answer;
import dev.convene.protocol.log.Origin;
import dev.convene.runtime.Attachment;
import dev.convene.runtime.machine.ShardMachine;
import dev.convene.testkit.sim.MemoryLog;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A partition that the product's gateway follows: its machine, and what of it the gateway is told. */
final class FollowedPartition extends GroupReader.Sink implements PartitionState {
    private final GroupLog.Follower follower;
    private final ShardMachine<GroupCommand> machine;

    FollowedPartition(GroupLog.Follower follower) {
        this.follower = follower;
        GroupShard shard = new GroupShard(follower.listener());
        this.machine = new ShardMachine<>(shard, Set.of());
        follower.started(shard, this);
    }

    void apply(MemoryLog.Entry entry) {
        machine.apply(entry.offset(), entry.header(), entry.value(), this);
        follower.batchEnded();
    }

    @Override
    public long nextOffset() {
        return machine.view().nextOffset();
    }

    @Override
    public boolean isLive(long incarnation) {
        return machine.view().isLive(incarnation);
    }

    @Override
    public long lastNumber(long requester) {
        return machine.view().lastNumber(requester);
    }

    @Override
    public @Nullable Attachment session(long id) {
        return machine.view().session(id);
    }

    @Override
    public @Nullable Attachment session(String privateName) {
        return machine.view().session(privateName);
    }

    @Override
    public void answer(Position id, long incarnation, long requester, long number, long ref, Answer answer) {
        follower.answer(incarnation, requester, number, answer);
    }

    @Override
    public void passedOver(long offset, Origin origin, Passed reason) {
        follower.passedOver(
                origin,
                switch (reason) {
                    case NUMBER_GAP -> GroupLog.Passed.MISSING_BEFORE;
                    case NOT_ATTACHED -> GroupLog.Passed.NOT_ATTACHED;
                    case STALE_EPOCH -> GroupLog.Passed.STALE_EPOCH;
                    case LOST_GATEWAY, MALFORMED -> GroupLog.Passed.OTHERWISE_KNOWN;
                });
    }

    @Override
    public void sessionMoved(Position at, long session, long incarnation) {
        follower.sessionMoved(session, incarnation);
    }

    @Override
    public void gatewayLost(Position at, long incarnation) {
        follower.gatewayLost(incarnation);
    }
}
