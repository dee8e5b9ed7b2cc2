package dev.convene.gateway.adapter.log;

import dev.convene.gateway.core.log.GroupLog;
import dev.convene.protocol.Position;
import dev.convene.protocol.log.Answer;
import dev.convene.protocol.log.Origin;
import dev.convene.protocol.log.SessionEvent;
import dev.convene.runtime.machine.EffectSink;

/** Gives a machine's effects to a follower. */
public record FollowerSink(GroupLog.Follower follower) implements EffectSink {
    @Override
    public void answer(Position id, long incarnation, long requester, long number, long ref, Answer answer) {
        follower.answer(incarnation, requester, number, ref, answer);
    }

    @Override
    public void outOfTurn(Position id, long incarnation, long requester, long number, long ref, long lastNumber) {
        follower.outOfTurn(incarnation, requester, number, ref, lastNumber);
    }

    @Override
    public void passedOver(long offset, Origin origin, Passed reason) {
        follower.passedOver(
                origin,
                switch (reason) {
                    case NOT_ATTACHED -> GroupLog.Passed.NOT_ATTACHED;
                    case STALE_EPOCH -> GroupLog.Passed.STALE_EPOCH;
                    case NUMBER_GAP, LOST_GATEWAY, MALFORMED -> GroupLog.Passed.OTHERWISE_KNOWN;
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

    @Override
    public void push(Position id, long incarnation, long requester, byte[] body) {
        // The group shard pushes nothing.
    }

    @Override
    public void forward(Position id, String log, int partition, byte[] command) {
        // Readers give nothing to other shards.
    }

    @Override
    public void tell(Position id, String log, int partition, SessionEvent event) {
        // Readers give nothing to other shards.
    }
}
