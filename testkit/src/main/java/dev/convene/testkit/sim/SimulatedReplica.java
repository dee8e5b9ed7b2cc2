package dev.convene.testkit.sim;

import dev.convene.protocol.log.LogEntry;
import dev.convene.runtime.host.effect.EffectCollector;
import dev.convene.runtime.host.effect.Outbox;
import dev.convene.runtime.host.log.Topics;
import dev.convene.runtime.machine.ShardMachine;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One replica of a shard, as long as its process lives: applies the log, holds its effects back or gives them out, beats,
 * claims the next term when the owner is silent, appends ticks and takes snapshots as the owner.
 *
 * @param <C> the shard's commands
 */
public final class SimulatedReplica<C> {
    private static final long BEAT_MS = 500;
    private static final long LOOK_MS = 100;
    private static final long SILENCE_MS = 1000;
    private static final long STAGGER_MS = 200;
    private static final long CLAIM_AGAIN_MS = 500;
    private static final int SNAPSHOT_EVERY = 60;
    private static final int LOST_BEATS_PERCENT = 5;
    /** Wall-clock time at the beginning of a run. */
    private static final long WALL_START_MS = 1_700_000_000_000L;

    private record Beat(String run, long outBelow) {}

    private final SimulatedShard<C> shard;
    private final Simulation simulation;
    private final Actor process;
    private final int rank;
    private @Nullable Run run;

    SimulatedReplica(SimulatedShard<C> shard, Actor process, int rank) {
        this.shard = shard;
        this.simulation = shard.simulation();
        this.process = process;
        this.rank = rank;
    }

    public Actor process() {
        return process;
    }

    /** Whether it is a replica of this partition of a log. */
    public boolean isOf(String log, int partition) {
        return shard.source().log().equals(log) && shard.source().partition() == partition;
    }

    /** Begins in the process's present life, from a snapshot if there is one. */
    public void start() {
        run = new Run();
        run.begin();
    }

    /** The machine of the present or last life; null before the first. */
    public @Nullable ShardMachine<C> machine() {
        return run == null ? null : run.machine;
    }

    /** Whether it is up and is, as far as it knows, the owner. */
    public boolean isOwner() {
        return run != null && process.isUp() && run.owns();
    }

    /** Whether nothing that it gave out is still unacknowledged. */
    public boolean isOut() {
        return run != null && run.outbox.size() == 0;
    }

    private void hear(Beat beat) {
        if (run != null) {
            run.hear(beat);
        }
    }

    private final class Run {
        private final String name = process.name() + "/" + process.life();
        private final ShardMachine<C> machine;
        private final Outbox outbox;
        private final EffectCollector collector;
        private final ServedClock clock = new ServedClock();
        private boolean tickOnTheWay;
        private long ownerHeardMs = simulation.nowMs();
        private long selfHeardMs = Long.MIN_VALUE / 2;
        private long claimedMs = Long.MIN_VALUE / 2;

        Run() {
            List<Snapshots.Snapshot> known = shard.snapshots().kept();
            Set<Long> none = Set.of();
            machine = known.isEmpty()
                    ? new ShardMachine<>(shard.newShard(), none)
                    : ShardMachine.fromSnapshot(
                            shard.newShard(), simulation.pick(known).bytes(), none);
            outbox = new Outbox(
                    shard.source(),
                    machine.view().nextOffset(),
                    (topic, partition, value) -> shard.broker().append(process, topic, partition, null, value),
                    SimulatedShard.ANSWERS_PARTITIONS,
                    Outbox.Bounds.DEFAULT,
                    process::after);
            collector = new EffectCollector(
                    effect -> {
                        if (shard.isGivenOut(effect)) {
                            outbox.add(effect);
                        }
                    },
                    shard.observer(),
                    true);
        }

        void begin() {
            shard.broker().tail(process, topic(), partition(), machine.view().nextOffset(), this::apply);
            process.every(BEAT_MS, this::beat);
            process.every(LOOK_MS, this::look);
        }

        private String topic() {
            return Topics.ofLog(shard.source().log());
        }

        private int partition() {
            return shard.source().partition();
        }

        boolean owns() {
            return machine.view().owner().equals(name);
        }

        private void apply(MemoryLog.Entry entry) {
            boolean owned = owns();
            machine.apply(entry.offset(), entry.header(), entry.value(), collector);
            outbox.applied(entry.offset() + 1);
            clock.applied(machine.view().servedMs(), simulation.nowMs());
            if (owns() && !owned) {
                simulation.trace(name + " owns " + shard.source().log() + " in term "
                        + machine.view().term());
                clock.begin(machine.view().servedMs(), simulation.nowMs());
                outbox.open();
            } else if (!owns() && owned) {
                outbox.shut();
                ownerHeardMs = simulation.nowMs();
            }
            outbox.flush();
            shard.snapshots().compare(name, entry.offset(), machine);
            if (owns()) {
                tick();
                snapshot();
            }
        }

        private void append(LogEntry entry) {
            shard.broker()
                    .append(process, topic(), partition(), null, entry.toBytes())
                    .exceptionally(lost -> -1L);
        }

        private void tick() {
            long now = simulation.nowMs();
            if (tickOnTheWay || !clock.isDue(machine.view(), now, WALL_START_MS + now)) {
                return;
            }
            tickOnTheWay = true;
            clock.sent(now);
            LogEntry tick = new LogEntry.Tick(machine.view().term(), clock.servedMs(now), WALL_START_MS + now);
            shard.broker()
                    .append(process, topic(), partition(), null, tick.toBytes())
                    .whenComplete((offset, failure) -> tickOnTheWay = false);
        }

        /** Only when everything below is out, so that nobody has to derive it again. */
        private void snapshot() {
            long next = machine.view().nextOffset();
            if (next - shard.snapshots().newest() >= SNAPSHOT_EVERY && outbox.outBelow() >= next) {
                shard.snapshots().add(new Snapshots.Snapshot(next, machine.snapshot()));
                simulation.trace(name + " has a snapshot at " + next);
            }
        }

        private void beat() {
            Beat beat = new Beat(name, outbox.outBelow());
            for (SimulatedReplica<C> other : shard.replicas()) {
                if (other.process.isUp() && !simulation.chance(LOST_BEATS_PERCENT)) {
                    other.process.after(simulation.between(1, 20), () -> other.hear(beat));
                }
            }
        }

        void hear(Beat beat) {
            if (beat.run.equals(name)) {
                selfHeardMs = simulation.nowMs();
            }
            if (beat.run.equals(machine.view().owner())) {
                ownerHeardMs = simulation.nowMs();
                if (!owns()) {
                    outbox.trim(beat.outBelow);
                }
            }
        }

        private void look() {
            if (owns()) {
                tick();
                shard.duty()
                        .look(
                                machine,
                                body -> append(
                                        new LogEntry.OwnerCommand(machine.view().term(), body)));
            } else {
                claim();
            }
        }

        private void claim() {
            long now = simulation.nowMs();
            boolean readToTheEnd = machine.view().nextOffset()
                    >= shard.broker().log(topic(), partition()).endOffset();
            boolean isHeard = now - selfHeardMs < SILENCE_MS;
            boolean isSilent = now - ownerHeardMs >= SILENCE_MS + rank * STAGGER_MS;
            if (readToTheEnd && isHeard && isSilent && now - claimedMs >= CLAIM_AGAIN_MS) {
                claimedMs = now;
                append(new LogEntry.Term(machine.view().term() + 1, name));
            }
        }
    }
}
