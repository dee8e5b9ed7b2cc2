package dev.convene.groupservice.adapter.log;

import dev.convene.groupservice.core.liveness.GatewayWatch;
import dev.convene.groupservice.core.sessions.SessionsShard;
import dev.convene.protocol.session.SessionCommand;
import dev.convene.runtime.host.OwnerPolicy;
import dev.convene.runtime.machine.ShardMachine;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the owner of the sessions shard does by itself: it declares the logs, once, and the gateway lives lost that do not
 * beat any longer. What has no effect yet is appended again after a second. Called by the shard's thread only.
 */
final class SessionsOwner implements OwnerPolicy<SessionCommand> {
    private static final long AGAIN_MS = 1000;
    private static final long LOOK_MS = 200;
    /** A longer time without a look was somebody else's time as the owner, or a pause. */
    private static final long GAP_MS = 1000;

    private static final Logger log = LoggerFactory.getLogger(SessionsOwner.class);

    private final Map<String, Integer> logs;
    private final int graceMs;
    private final LongSupplier monotonicMs;
    private final LongUnaryOperator silentMs;
    private final GatewayWatch watch;
    private final Map<Long, Long> declaredMs = new HashMap<>();
    private long lookedMs = Long.MIN_VALUE / 2;
    private long logsDeclaredMs = Long.MIN_VALUE / 2;

    /**
     * @param logs the logs whose domains are settled, with their partitions
     * @param silence how long a gateway life may be silent
     * @param grace how long the sessions of a lost one are kept
     * @param silentMs for how long a gateway life has been silent, 0 while that cannot be known
     */
    SessionsOwner(
            Map<String, Integer> logs,
            Duration silence,
            Duration grace,
            LongSupplier monotonicMs,
            LongUnaryOperator silentMs) {
        this.logs = Map.copyOf(logs);
        this.graceMs = Math.toIntExact(grace.toMillis());
        this.monotonicMs = monotonicMs;
        this.silentMs = silentMs;
        this.watch = new GatewayWatch(silence.toMillis());
    }

    @Override
    public void look(int partition, ShardMachine<SessionCommand> machine, Commands commands) {
        long nowMs = monotonicMs.getAsLong();
        if (nowMs - lookedMs < LOOK_MS) {
            return;
        }
        if (nowMs - lookedMs > GAP_MS) {
            watch.reset();
            declaredMs.clear();
        }
        lookedMs = nowMs;
        SessionsShard shard = (SessionsShard) machine.shard();
        declareLogs(shard, nowMs, commands);
        declareLost(shard, machine.view().nextOffset(), nowMs, commands);
    }

    private void declareLogs(SessionsShard shard, long nowMs, Commands commands) {
        if (nowMs - logsDeclaredMs < AGAIN_MS) {
            return;
        }
        logs.forEach((name, partitions) -> {
            if (!shard.isDeclared(name)) {
                logsDeclaredMs = nowMs;
                log.info("Declares log {} with {} partitions", name, partitions);
                commands.append(new SessionCommand.DeclareLog(name, partitions).toBytes());
            }
        });
    }

    private void declareLost(SessionsShard shard, long asOf, long nowMs, Commands commands) {
        List<SessionsShard.LiveGateway> live = shard.liveGateways();
        List<Long> lives =
                live.stream().map(SessionsShard.LiveGateway::incarnation).toList();
        declaredMs.keySet().retainAll(lives);
        for (long lost : watch.lost(lives, nowMs, silentMs)) {
            Long before = declaredMs.get(lost);
            if (before == null || nowMs - before >= AGAIN_MS) {
                declaredMs.put(lost, nowMs);
                log.warn("Declares gateway life {} lost: no beat for {} ms", lost, silentMs.applyAsLong(lost));
                commands.append(new SessionCommand.DeclareGatewayLost(lost, asOf, graceMs).toBytes());
            }
        }
    }
}
