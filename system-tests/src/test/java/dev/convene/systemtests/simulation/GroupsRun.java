package dev.convene.systemtests.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.convene.group.GroupListener;
import dev.convene.group.GroupShard;
import dev.convene.groupservice.core.sessions.SessionsListener;
import dev.convene.groupservice.core.sessions.SessionsShard;
import dev.convene.protocol.Position;
import dev.convene.protocol.log.LogEntry;
import dev.convene.protocol.session.SessionCommand;
import dev.convene.runtime.host.effect.Outbox;
import dev.convene.runtime.host.log.Topics;
import dev.convene.runtime.machine.EffectSink;
import dev.convene.runtime.machine.ShardMachine;
import dev.convene.testkit.check.order.Event;
import dev.convene.testkit.check.order.GroupGuarantees;
import dev.convene.testkit.check.order.History;
import dev.convene.testkit.check.order.SessionHistory;
import dev.convene.testkit.check.order.Violations;
import dev.convene.testkit.sim.Actor;
import dev.convene.testkit.sim.Broker;
import dev.convene.testkit.sim.SimulatedReplica;
import dev.convene.testkit.sim.SimulatedShard;
import dev.convene.testkit.sim.Simulation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** One run of the whole system: trouble for a while, then calm until everything rests, then the checks. */
final class GroupsRun {
    static final String SESSIONS = "sessions";
    static final String GROUPS = "groups";
    static final int DOMAINS = 3;
    /** Groups of these domains. */
    static final List<String> NAMES = List.of("g1", "g2", "g3", "a/x", "a/y", "b/z");

    private static final long TROUBLE_MS = 25_000;
    private static final long REST_MS = 60_000;
    private static final long SILENCE_MS = 2000;
    private static final int GATEWAYS = 3;
    private static final int CLIENTS = 8;
    private static final int CLIENTS_EVER_MAX = 24;
    private static final int NODES = 2;
    private static final int PARTITIONS_MAX = 4;

    private final Simulation simulation;
    private final @Nullable Fault fault;
    private final Broker broker;
    private final List<Actor> nodes = new ArrayList<>();
    private final List<SimulatedReplica<?>> replicas = new ArrayList<>();
    private final List<SimulatedGateway> gateways = new ArrayList<>();
    private final List<SimulatedClient> clients = new ArrayList<>();
    private final List<SimulatedClient> born = new ArrayList<>();
    private final List<KeyedPublisher> publishers = new ArrayList<>();
    private final Map<Long, Long> beats = new HashMap<>();
    private final int graceMs;
    /** Of the group log: all domains in one, or some in partitions of their own. */
    private final int partitions;

    private final boolean product;
    private final LogHistory history;
    /** Null where none happens. */
    private final @Nullable Mischief mischief;

    private boolean calm;

    /** With gateways and clients that are models. */
    GroupsRun(long seed, @Nullable Fault fault) {
        this(seed, fault, false);
    }

    /** With the product's gateway core. */
    static GroupsRun ofProduct(long seed) {
        return new GroupsRun(seed, null, true);
    }

    private GroupsRun(long seed, @Nullable Fault fault, boolean product) {
        this.product = product;
        this.simulation = new Simulation(seed);
        this.fault = fault;
        this.broker = new Broker(simulation, Broker.Faults.SOME);
        this.graceMs = (int) simulation.between(500, 5000);
        this.partitions = (int) simulation.between(1, PARTITIONS_MAX);
        this.history = new LogHistory(simulation, partition -> broker.log(Topics.ofLog(GROUPS), partition));
        this.mischief = product && seed % 2 == 0 ? new Mischief(this) : null;
        byte[] declare = new LogEntry.Unasked(new SessionCommand.DeclareLog(GROUPS, partitions).toBytes()).toBytes();
        broker.log(Topics.ofLog(SESSIONS), 0).append(null, declare, 0);
        SimulatedShard<SessionCommand> sessions = new SimulatedShard<>(
                simulation,
                broker,
                SESSIONS,
                0,
                () -> new SessionsShard(SessionsListener.NONE),
                this::declareLost,
                EffectSink.NONE,
                true);
        for (int i = 0; i < NODES; i++) {
            Actor node = new Actor(simulation, "node" + i);
            nodes.add(node);
            replicas.add(sessions.replicaOn(node));
        }
        for (int partition = 0; partition < partitions; partition++) {
            SimulatedShard<?> groups = new SimulatedShard<>(
                    simulation,
                    broker,
                    GROUPS,
                    partition,
                    () -> new GroupShard(GroupListener.NONE),
                    (machine, append) -> {},
                    EffectSink.NONE,
                    false);
            nodes.forEach(node -> replicas.add(groups.replicaOn(node)));
        }
        nodes.forEach(this::start);
        for (int i = 0; i < GATEWAYS; i++) {
            String name = "gw" + i;
            SimulatedGateway gateway = product ? new CoreGateway(this, name) : new GatewayModel(this, name);
            gateways.add(gateway);
            gateway.start();
        }
        if (product) {
            publishers.add(new KeyedPublisher(this, "k"));
            publishers.add(new KeyedPublisher(this, "l"));
        }
    }

    /** The owner of the sessions log declares gateway lives lost that it has not heard of for too long. */
    private void declareLost(ShardMachine<SessionCommand> machine, Consumer<byte[]> append) {
        long now = simulation.nowMs();
        for (SessionsShard.LiveGateway life : ((SessionsShard) machine.shard()).liveGateways()) {
            if (now - beats.computeIfAbsent(life.incarnation(), any -> now) > SILENCE_MS) {
                append.accept(new SessionCommand.DeclareGatewayLost(
                                life.incarnation(), machine.view().nextOffset(), graceMs)
                        .toBytes());
            }
        }
    }

    Simulation simulation() {
        return simulation;
    }

    Broker broker() {
        return broker;
    }

    @Nullable Fault fault() {
        return fault;
    }

    LogHistory history() {
        return history;
    }

    int partitions() {
        return partitions;
    }

    int graceMs() {
        return graceMs;
    }

    boolean isCalm() {
        return calm;
    }

    void beat(long incarnation) {
        simulation.after(simulation.between(1, 30), () -> beats.put(incarnation, simulation.nowMs()));
    }

    /** A gateway to which a client can go; null if none answers. */
    <G extends SimulatedGateway> @Nullable G readyGateway(Class<G> kind) {
        List<SimulatedGateway> ready =
                gateways.stream().filter(SimulatedGateway::isReady).toList();
        return ready.isEmpty() ? null : kind.cast(simulation.pick(ready));
    }

    void born(SimulatedClient client) {
        born.add(client);
    }

    /** Somebody who was connected at some time. */
    SimulatedClient somebody() {
        return simulation.pick(born);
    }

    private void start(Actor node) {
        node.start();
        replicas.stream().filter(replica -> replica.process() == node).forEach(SimulatedReplica::start);
    }

    /** Runs to the end and returns what the checkers found. */
    Violations run() {
        // It warns of every lost acknowledgement, of which there are many here.
        Logger outbox = (Logger) LoggerFactory.getLogger(Outbox.class);
        Level before = outbox.getLevel();
        outbox.setLevel(Level.ERROR);
        try {
            return runQuietly();
        } finally {
            outbox.setLevel(before);
        }
    }

    private Violations runQuietly() {
        simulation.after(1500, this::act);
        simulation.after(3000, this::disturb);
        simulation.runUntil(TROUBLE_MS);
        calm = true;
        broker.faults(Broker.Faults.NONE);
        simulation.runUntilNothing(this::unrest, REST_MS);
        // What was lost in the trouble leaves only now.
        simulation.runUntil(simulation.nowMs() + 2 * graceMs + 3 * SILENCE_MS);
        simulation.runUntilNothing(this::unrest, REST_MS);
        if (fault == null) {
            // What is planted is for the checkers to find.
            audit();
        }
        return new GroupGuarantees().check(History.of(histories()));
    }

    /** What was acknowledged stands in the log, once. */
    private void audit() {
        LogAudit log = new LogAudit(broker, partitions);
        publishers.forEach(publisher -> publisher.accepted().forEach((key, at) -> log.requireOnce(key, at.position())));
        histories().stream()
                .flatMap(history -> history.events().stream())
                .filter(Event.Sent.class::isInstance)
                .map(Event.Sent.class::cast)
                .filter(sent -> sent.acknowledgedAt().size() == 1)
                .forEach(sent -> log.requireOnce(
                        sent.messageId(),
                        new Position(
                                sent.acknowledgedAt().getFirst().offset(),
                                sent.acknowledgedAt().getFirst().index())));
    }

    List<SimulatedReplica<?>> replicas() {
        return replicas;
    }

    List<SimulatedGateway> gateways() {
        return gateways;
    }

    List<SimulatedClient> clients() {
        return clients;
    }

    List<SessionHistory> histories() {
        return clients.stream()
                .map(SimulatedClient::history)
                .filter(Objects::nonNull)
                .toList();
    }

    private void act() {
        if (calm) {
            return;
        }
        long live = clients.stream().filter(client -> !client.isOver()).count();
        if (live < CLIENTS && clients.size() < CLIENTS_EVER_MAX) {
            String name = "n" + simulation.between(0, 11);
            boolean membership = !simulation.chance(12);
            clients.add(product ? new CoreClient(this, name, membership) : new ClientModel(this, name, membership));
        } else if (!publishers.isEmpty() && simulation.chance(8)) {
            simulation.pick(publishers).act();
        } else {
            simulation.pick(clients).act();
        }
        simulation.after(simulation.between(1, 60), this::act);
    }

    private void disturb() {
        if (calm) {
            return;
        }
        if (mischief != null && simulation.chance(30)) {
            mischief.happens();
            simulation.after(simulation.between(300, 4000), this::disturb);
            return;
        }
        switch ((int) simulation.between(0, 5)) {
            case 0 -> crash(simulation.pick(nodes));
            case 1 -> pause(simulation.pick(nodes), () -> {});
            case 2 -> {
                SimulatedGateway gateway = simulation.pick(gateways);
                if (gateway.process().isUp()) {
                    gateway.crash();
                }
            }
            case 3, 4 -> {
                SimulatedGateway gateway = simulation.pick(gateways);
                pause(gateway.process(), gateway::giveUpOn);
            }
            default -> simulation.pick(clients).connectionBreaks();
        }
        simulation.after(simulation.between(300, 4000), this::disturb);
    }

    private void crash(Actor node) {
        if (node.isUp()) {
            node.crash();
            simulation.after(simulation.between(100, 4000), () -> start(node));
        }
    }

    private void pause(Actor process, Runnable afterAWhile) {
        if (!process.isUp() || process.isPaused()) {
            return;
        }
        int life = process.life();
        process.pause();
        simulation.after(simulation.between(200, 2500), () -> {
            if (process.isIn(life) && process.isPaused()) {
                afterAWhile.run();
            }
        });
        simulation.after(simulation.between(100, 6000), () -> {
            if (process.isIn(life)) {
                process.wake();
            }
        });
    }

    private String unrest() {
        StringBuilder unrest = new StringBuilder();
        for (SimulatedReplica<?> replica : replicas) {
            if (!replica.process().isUp() || replica.process().isPaused() || !replica.isOut()) {
                unrest.append(replica.process().name()).append(" is not at rest, ");
            }
        }
        gateways.forEach(gateway -> unrest.append(gateway.unrest()));
        clients.forEach(client -> unrest.append(client.unrest()));
        publishers.forEach(publisher -> unrest.append(publisher.unrest()));
        return unrest.toString();
    }
}
