package dev.convene.testkit.sim;

import dev.convene.runtime.Shard;
import dev.convene.runtime.host.effect.Effect;
import dev.convene.runtime.host.effect.Source;
import dev.convene.runtime.machine.EffectSink;
import dev.convene.runtime.machine.ShardMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A shard of a simulated system with its replicas: one of them owns it, the others are ready to.
 *
 * @param <C> its commands
 */
public final class SimulatedShard<C> {
    /**
     * What an owner does by itself, beside ticks.
     *
     * @param <C> the shard's commands
     */
    @FunctionalInterface
    public interface Duty<C> {
        /** Looks at the state, ten times a second; gives owner commands in their log form to {@code append}. */
        void look(ShardMachine<C> machine, Consumer<byte[]> append);
    }

    /** The partitions of the topic of answers. */
    public static final int ANSWERS_PARTITIONS = 2;
    /** The epoch of every log. */
    public static final String EPOCH = "e1";

    private final Simulation simulation;
    private final Broker broker;
    private final Source source;
    private final Supplier<Shard<C>> shards;
    private final Duty<C> duty;
    private final EffectSink observer;
    private final boolean answers;
    private final Snapshots snapshots = new Snapshots();
    private final List<SimulatedReplica<C>> replicas = new ArrayList<>();

    /**
     * @param log its log's name; the topic's name follows from it
     * @param shards makes new, empty shards
     * @param observer sees the effects of every replica
     * @param answers whether owners give answers and pushes out; not where gateways derive them themselves
     */
    public SimulatedShard(
            Simulation simulation,
            Broker broker,
            String log,
            int partition,
            Supplier<Shard<C>> shards,
            Duty<C> duty,
            EffectSink observer,
            boolean answers) {
        this.simulation = simulation;
        this.broker = broker;
        this.source = new Source(log, partition, EPOCH);
        this.shards = shards;
        this.duty = duty;
        this.observer = observer;
        this.answers = answers;
    }

    /** A replica on a process; it runs whenever {@link SimulatedReplica#start} is called in a new life of that. */
    public SimulatedReplica<C> replicaOn(Actor process) {
        SimulatedReplica<C> replica = new SimulatedReplica<>(this, process, replicas.size());
        replicas.add(replica);
        return replica;
    }

    Simulation simulation() {
        return simulation;
    }

    Broker broker() {
        return broker;
    }

    Source source() {
        return source;
    }

    Shard<C> newShard() {
        return shards.get();
    }

    Duty<C> duty() {
        return duty;
    }

    boolean isGivenOut(Effect effect) {
        return answers || effect instanceof Effect.Forwarded;
    }

    EffectSink observer() {
        return observer;
    }

    Snapshots snapshots() {
        return snapshots;
    }

    public List<SimulatedReplica<C>> replicas() {
        return List.copyOf(replicas);
    }
}
