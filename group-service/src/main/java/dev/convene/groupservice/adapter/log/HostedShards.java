package dev.convene.groupservice.adapter.log;

import dev.convene.group.GroupListener;
import dev.convene.group.GroupShard;
import dev.convene.groupservice.core.audit.AuditLog;
import dev.convene.groupservice.core.audit.MembershipAudit;
import dev.convene.groupservice.core.audit.OwnedAudit;
import dev.convene.groupservice.core.audit.SessionAudit;
import dev.convene.groupservice.core.sessions.SessionsListener;
import dev.convene.groupservice.core.sessions.SessionsShard;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.group.GroupCommand;
import dev.convene.protocol.session.SessionCommand;
import dev.convene.runtime.Shard;
import dev.convene.runtime.host.HostSettings;
import dev.convene.runtime.host.Instance;
import dev.convene.runtime.host.OwnerPolicy;
import dev.convene.runtime.host.ShardHost;
import dev.convene.runtime.host.beat.Beat.Standing;
import dev.convene.runtime.host.beat.Life;
import dev.convene.runtime.host.log.Clocks;
import dev.convene.runtime.host.log.LogReader;
import dev.convene.runtime.host.log.Topics;
import dev.convene.runtime.machine.EffectSink;
import dev.convene.runtime.machine.ShardMachine;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * This process's part in the sessions and group logs: starts the instance and the hosts of both logs, and stops them in an
 * order that hands everything over: first the shards, while beats still say so, then the beats. Thread-safe.
 */
public final class HostedShards implements SmartLifecycle {
    /** Before everything that asks the shards, after everything that they tell. */
    static final int PHASE = 1000;

    private static final Logger log = LoggerFactory.getLogger(HostedShards.class);

    /** Gateways read messages for themselves: nobody waits for these shards to have them at once. */
    private static final LogReader.Settings GROUPS_READER =
            LogReader.Settings.DEFAULT.inNoHurry(Duration.ofMillis(20), 64 << 10);

    /**
     * @param instance who this is, and how Kafka is reached
     * @param host how shards are held
     * @param gatewaySilence how long a gateway may send no beat before it is declared lost
     * @param gatewayGrace how long the sessions of a lost gateway may be resumed
     */
    public record Settings(
            Instance.Settings instance, HostSettings host, Duration gatewaySilence, Duration gatewayGrace) {}

    /** What runs between start and stop. */
    record Running(
            Instance instance, ShardHost<SessionCommand> sessions, ShardHost<GroupCommand> groups, long sinceMs) {}

    private final Settings settings;
    private final Clocks clocks;
    private final MeterRegistry meters;
    private final AuditLog audit;
    private final Map<Shard<?>, OwnedAudit> audits = Collections.synchronizedMap(new WeakHashMap<>());
    private volatile @Nullable Running running;

    /** @param audit takes facts of the shards that this process owns; {@link AuditLog#NONE} for none */
    public HostedShards(Settings settings, Clocks clocks, MeterRegistry meters, AuditLog audit) {
        this.settings = settings;
        this.clocks = clocks;
        this.meters = meters;
        this.audit = audit;
    }

    /** Blocks until this process is part of the cluster; the shards go on catching up by themselves. */
    @Override
    public synchronized void start() {
        if (running != null) {
            return;
        }
        Instance instance = Instance.start(settings.instance(), clocks, meters);
        instance.onFailure(Instance.END_PROCESS);
        try {
            ShardHost<SessionCommand> sessions = new ShardHost<>(
                    instance,
                    SessionsShard.LOG,
                    this::sessionsShard,
                    settings.host(),
                    List.of(owner(instance), this::audited),
                    partition -> EffectSink.NONE);
            ShardHost<GroupCommand> groups = new ShardHost<>(
                    instance,
                    SessionsShard.GROUPS_LOG,
                    this::groupShard,
                    settings.host().readByGateways(GROUPS_READER),
                    List.of(this::audited),
                    partition -> EffectSink.NONE);
            running = new Running(instance, sessions, groups, clocks.monotonicMs());
        } catch (RuntimeException e) {
            instance.close();
            throw e;
        }
    }

    /** Handlers of records that failed lately, with how often; empty if all is well or nothing runs. */
    public Map<String, Long> handlerFailures() {
        Running present = running;
        return present == null ? Map.of() : present.instance().handlerFailures().recent();
    }

    /** Shards held here that have halted, such as {@code sessions/0}, each with where and why. */
    public Map<String, String> halted() {
        Running present = running;
        Map<String, String> halted = new LinkedHashMap<>();
        if (present != null) {
            Stream.concat(present.sessions().status().stream(), present.groups().status().stream())
                    .filter(replica -> replica.standing() == Standing.HALTED)
                    .forEach(replica -> halted.put(replica.log() + "/" + replica.partition(), replica.fault()));
        }
        return halted;
    }

    /** For how long the broker has been away, milliseconds; 0 if it is there or nothing runs. */
    public long brokerAwayMs() {
        Running present = running;
        return present == null ? 0 : present.instance().beats().brokerAwayMs();
    }

    /** The state of each kind of call of the broker. */
    public Map<String, String> calls() {
        Running present = running;
        Map<String, String> states = new LinkedHashMap<>();
        if (present != null) {
            present.instance().calls().forEach(calls -> states.put(calls.name(), calls.state()));
        }
        return states;
    }

    /** Another process that runs under this instance's name, or null. */
    public @Nullable String twin() {
        Running present = running;
        Life twin = present == null ? null : present.instance().beats().twin();
        return twin == null ? null : twin.toString();
    }

    private OwnerPolicy<SessionCommand> owner(Instance instance) {
        String groups = SessionsShard.GROUPS_LOG;
        return new SessionsOwner(
                Map.of(groups, instance.partitions(Topics.ofLog(groups))),
                settings.gatewaySilence(),
                settings.gatewayGrace(),
                clocks::monotonicMs,
                life -> instance.beats().silentMs(life));
    }

    private SessionsShard sessionsShard() {
        if (audit == AuditLog.NONE) {
            return new SessionsShard(SessionsListener.NONE);
        }
        OwnedAudit owned = new OwnedAudit(audit, clocks::monotonicMs);
        SessionsShard shard = new SessionsShard(new SessionAudit(owned));
        audits.put(shard, owned);
        return shard;
    }

    private GroupShard groupShard() {
        if (audit == AuditLog.NONE) {
            return new GroupShard(GroupListener.NONE);
        }
        OwnedAudit owned = new OwnedAudit(audit, clocks::monotonicMs);
        GroupShard shard = new GroupShard(new MembershipAudit(owned));
        audits.put(shard, owned);
        return shard;
    }

    /** A policy that appends nothing: it is asked only while this instance is the owner, which is what audits need. */
    private <C> void audited(int partition, ShardMachine<C> machine, OwnerPolicy.Commands commands) {
        OwnedAudit owned = audits.get(machine.shard());
        if (owned != null) {
            owned.owned(partition);
        }
    }

    /** What runs; refuses with {@code starting} before the start and after the stop. */
    Running running() {
        Running present = running;
        if (present == null) {
            throw new ConveneException(ErrorCode.STARTING);
        }
        return present;
    }

    /** What runs, or null. */
    @Nullable Running runningIfAny() {
        return running;
    }

    Clocks clocks() {
        return clocks;
    }

    /** Gives the shards to others and says goodbye, within some five seconds. */
    @Override
    public synchronized void stop() {
        Running present = running;
        if (present == null) {
            return;
        }
        running = null;
        log.info("Gives its shards away");
        Thread groups = Thread.ofVirtual().name("close-groups").start(present.groups()::close);
        present.sessions().close();
        try {
            groups.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        present.instance().close();
    }

    @Override
    public boolean isRunning() {
        return running != null;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
