package dev.convene.testkit.reference;

import dev.convene.protocol.log.SessionEvent;
import dev.convene.runtime.host.effect.Effect;
import dev.convene.runtime.host.log.Topics;
import dev.convene.runtime.machine.EffectSink;
import dev.convene.runtime.machine.ShardMachine;
import dev.convene.testkit.check.linear.Limits;
import dev.convene.testkit.check.linear.Linearizability;
import dev.convene.testkit.check.linear.LockModel;
import dev.convene.testkit.check.linear.LockModel.Input;
import dev.convene.testkit.check.linear.LockModel.Output;
import dev.convene.testkit.check.linear.OperationRecorder;
import dev.convene.testkit.sim.Actor;
import dev.convene.testkit.sim.Broker;
import dev.convene.testkit.sim.MemoryLog;
import dev.convene.testkit.sim.SimulatedAnswers;
import dev.convene.testkit.sim.SimulatedReplica;
import dev.convene.testkit.sim.SimulatedRequester;
import dev.convene.testkit.sim.SimulatedSessions;
import dev.convene.testkit.sim.SimulatedShard;
import dev.convene.testkit.sim.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Clients that take and give back a few locks through two gateways, while replicas crash and stand still, gateways are
 * lost, sessions move or end and Kafka forgets. At the end all is well again, everything comes to rest and is checked.
 */
final class LockRun {
    private static final long TROUBLE_MS = 30_000;
    private static final long REST_MS = 60_000;
    private static final int CLIENTS = 5;
    private static final List<String> LOCKS = List.of("x", "y");

    /** A gateway's process, and the life under which it serves. */
    private static final class Gateway {
        final Actor process;
        final Map<Long, SimulatedRequester> requesters = new HashMap<>();
        long incarnation;
        /** Whether its present life counts. */
        boolean live;

        Gateway(Actor process) {
            this.process = process;
        }
    }

    private final Simulation simulation;
    private final Broker broker;
    private final SimulatedSessions sessions;
    private final List<Actor> nodes = new ArrayList<>();
    private final List<Gateway> gateways = new ArrayList<>();
    private final List<LockClient> clients = new ArrayList<>();
    private final List<SimulatedShard<LockCommand>> shards = new ArrayList<>();
    private final OperationRecorder<Input, Output> recorder = new OperationRecorder<>();
    private boolean trouble = true;

    LockRun(long seed) {
        simulation = new Simulation(seed);
        broker = new Broker(simulation, Broker.Faults.SOME);
        sessions = new SimulatedSessions(simulation, broker);
        for (int partition = 0; partition < 2; partition++) {
            shards.add(new SimulatedShard<>(
                    simulation,
                    broker,
                    LockShard.LOG,
                    partition,
                    LockShard::new,
                    (m, append) -> {},
                    EffectSink.NONE,
                    true));
        }
        for (int i = 0; i < 2; i++) {
            Actor node = new Actor(simulation, "node" + i);
            nodes.add(node);
            shards.forEach(shard -> shard.replicaOn(node));
            start(node);
            Gateway gateway = new Gateway(new Actor(simulation, "gateway" + i));
            gateways.add(gateway);
            start(gateway);
        }
        for (int i = 0; i < CLIENTS; i++) {
            LockClient client = new LockClient(this, recorder, sessions.nextId());
            clients.add(client);
            Gateway gateway = simulation.pick(gateways);
            sessions.tell(
                    LockShard.LOG,
                    0,
                    new SessionEvent.SessionAttached(client.session, 1, gateway.incarnation, client.name, true));
            awaitServed(client, gateway, 1, gateway.process.life());
        }
    }

    private void start(Actor node) {
        node.start();
        for (SimulatedShard<LockCommand> shard : shards) {
            shard.replicas().stream()
                    .filter(replica -> replica.process() == node)
                    .forEach(SimulatedReplica::start);
        }
    }

    private void start(Gateway gateway) {
        gateway.process.start();
        gateway.requesters.clear();
        gateway.incarnation = sessions.nextId();
        gateway.live = true;
        int partition = (int) (gateway.incarnation % SimulatedShard.ANSWERS_PARTITIONS);
        SimulatedAnswers.read(
                broker,
                gateway.process,
                gateway.incarnation,
                broker.log(Topics.ANSWERS, partition).endOffset(),
                effect -> take(gateway, effect));
        sessions.tell(LockShard.LOG, 0, new SessionEvent.GatewayAttached(gateway.incarnation, gateway.process.name()));
    }

    private static void take(Gateway gateway, Effect effect) {
        if (effect instanceof Effect.Answered answered) {
            SimulatedRequester requester = gateway.requesters.get(answered.requester());
            if (requester != null) {
                requester.answered(answered.number(), answered.answer());
            }
        }
    }

    private void serve(LockClient client, Gateway gateway, long lastNumber) {
        SimulatedRequester requester = new SimulatedRequester(
                broker,
                gateway.process,
                LockShard.LOG,
                0,
                gateway.incarnation,
                client.session,
                client.epoch,
                lastNumber);
        gateway.requesters.put(client.session, requester);
        client.suspended = false;
        client.servedBy(requester);
    }

    void later(long delayMs, Runnable task) {
        simulation.after(delayMs, task);
    }

    /** Any session may be ended by the run. */
    boolean loses(LockClient client) {
        return client.session % 2 == 0;
    }

    LockRun run() {
        simulation.after(500, this::act);
        simulation.after(1500, this::disturb);
        simulation.runUntil(TROUBLE_MS);
        heal();
        simulation.runUntilNothing(this::unrest, REST_MS);
        check();
        return this;
    }

    Simulation simulation() {
        return simulation;
    }

    private void act() {
        if (!trouble) {
            return;
        }
        LockClient client = simulation.pick(clients);
        if (client.isIdle() && !client.ended && client.requester != null) {
            long leaseMs = simulation.chance(20) ? simulation.between(300, 3000) : 0;
            client.round(simulation.pick(LOCKS), simulation.between(0, 4000), leaseMs, simulation.between(0, 400));
        }
        simulation.after(simulation.between(1, 300), this::act);
    }

    private void disturb() {
        if (!trouble) {
            return;
        }
        switch ((int) simulation.between(0, 7)) {
            case 0, 1 -> crash(simulation.pick(nodes));
            case 2, 3 -> pause(simulation.pick(nodes));
            case 4 -> lose(simulation.pick(gateways));
            case 5, 6 -> suspend(simulation.pick(clients));
            default -> {
                LockClient client = simulation.pick(clients);
                if (loses(client) && simulation.chance(30)) {
                    end(client);
                }
            }
        }
        simulation.after(simulation.between(200, 3000), this::disturb);
    }

    private void crash(Actor node) {
        if (node.isUp()) {
            node.crash();
            simulation.after(simulation.between(100, 4000), () -> start(node));
        }
    }

    private void pause(Actor node) {
        if (node.isUp() && !node.isPaused()) {
            int life = node.life();
            node.pause();
            simulation.after(simulation.between(100, 5000), () -> {
                if (node.isIn(life)) {
                    node.wake();
                }
            });
        }
    }

    /** Declared lost while it stands still; it wakes and appends, and only then is a new process. */
    private void lose(Gateway gateway) {
        if (!gateway.live) {
            return;
        }
        gateway.live = false;
        gateway.process.pause();
        sessions.tell(LockShard.LOG, 0, new SessionEvent.GatewayLost(gateway.incarnation));
        List<LockClient> served = clients.stream()
                .filter(client -> !client.ended && gateway.requesters.get(client.session) == client.requester)
                .toList();
        served.forEach(client -> client.requester = null);
        Gateway other = gateways.get(1 - gateways.indexOf(gateway));
        simulation.after(simulation.between(50, 2000), gateway.process::wake);
        simulation.after(3000, () -> {
            gateway.process.crash();
            start(gateway);
        });
        served.forEach(client -> simulation.after(simulation.between(50, 3500), () -> resume(client, other)));
    }

    private void suspend(LockClient client) {
        if (client.ended || client.suspended || client.requester == null) {
            return;
        }
        client.suspended = true;
        client.requester = null;
        sessions.tell(LockShard.LOG, 0, new SessionEvent.SessionSuspended(client.session, client.epoch));
        simulation.after(simulation.between(50, 3000), () -> resume(client, simulation.pick(gateways)));
    }

    /** The new gateway learns the last number once the partition shows the session under its new epoch. */
    private void resume(LockClient client, Gateway gateway) {
        if (client.ended) {
            return;
        }
        if (!gateway.live) {
            simulation.after(100, () -> resume(client, simulation.pick(gateways)));
            return;
        }
        int epoch = ++client.epoch;
        int life = gateway.process.life();
        sessions.tell(LockShard.LOG, 0, new SessionEvent.SessionResumed(client.session, epoch, gateway.incarnation));
        awaitServed(client, gateway, epoch, life);
    }

    private void awaitServed(LockClient client, Gateway gateway, int epoch, int life) {
        if (client.ended || client.epoch != epoch) {
            return;
        }
        for (SimulatedReplica<LockCommand> replica : shards.getFirst().replicas()) {
            ShardMachine<LockCommand> machine = replica.machine();
            if (machine != null
                    && machine.view().session(client.session) != null
                    && machine.view().session(client.session).epoch() == epoch) {
                if (gateway.live && gateway.process.isIn(life)) {
                    serve(client, gateway, machine.view().lastNumber(client.session));
                } else {
                    resume(client, simulation.pick(gateways));
                }
                return;
            }
        }
        simulation.after(20, () -> awaitServed(client, gateway, epoch, life));
    }

    private void end(LockClient client) {
        if (!client.ended) {
            client.ended = true;
            client.requester = null;
            sessions.tell(LockShard.LOG, 0, new SessionEvent.SessionEnded(client.session, true));
        }
    }

    private void heal() {
        trouble = false;
        broker.faults(Broker.Faults.NONE);
        for (Actor node : nodes) {
            if (!node.isUp()) {
                simulation.after(5000, () -> {
                    if (!node.isUp()) {
                        start(node);
                    }
                });
            }
        }
    }

    private String unrest() {
        StringBuilder unrest = new StringBuilder();
        for (int partition = 0; partition < shards.size(); partition++) {
            for (SimulatedReplica<LockCommand> replica : shards.get(partition).replicas()) {
                boolean up = replica.process().isUp() && !replica.process().isPaused();
                if (!up
                        || !replica.isOut()
                        || replica.machine().view().nextOffset()
                                != log(partition).endOffset()) {
                    unrest.append(replica.process().name())
                            .append(" of ")
                            .append(partition)
                            .append(", ");
                }
            }
        }
        clients.stream()
                .filter(client -> !client.ended && !client.isIdle())
                .forEach(client -> unrest.append(client.name).append(", "));
        return unrest.toString();
    }

    private MemoryLog log(int partition) {
        return broker.log(Topics.ofLog(LockShard.LOG), partition);
    }

    private void check() {
        try {
            LockAudit audit = LockAudit.of(log(0));
            LockShard counts =
                    (LockShard) shards.get(1).replicas().getFirst().machine().shard();
            if (!counts.grants().equals(audit.grants())) {
                throw new AssertionError("granted " + audit.grants() + ", counted " + counts.grants());
            }
            Set<String> digests = new HashSet<>();
            shards.getFirst()
                    .replicas()
                    .forEach(replica -> digests.add(replica.machine().digest()));
            if (digests.size() > 1) {
                throw new AssertionError("replicas differ at the end");
            }
            new Linearizability<>(new LockModel(), new Limits(20_000_000, 500_000, Duration.ofSeconds(20)))
                    .requireOk(recorder.operations());
        } catch (AssertionError e) {
            throw simulation.failure(e);
        }
    }

    /** Operations that were called. */
    int operations() {
        return recorder.operations().size();
    }
}
