package dev.convene.runtime.host;

import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.runtime.Shard;
import dev.convene.runtime.host.beat.Beat;
import dev.convene.runtime.host.beat.Placement;
import dev.convene.runtime.host.log.LogAdmin;
import dev.convene.runtime.host.log.LogReader;
import dev.convene.runtime.machine.EffectSink;
import dev.convene.runtime.machine.ShardMachine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An instance's replicas of the shards of one log, on one thread: which ones follows from the live instances, which of
 * them it owns from the log.
 *
 * <p>Plain consumers and producers instead of Kafka Streams: ADR 1 says why. Thread-safe.
 *
 * @param <C> the shards' commands
 */
public final class ShardHost<C> implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ShardHost.class);

    /** How often placement is looked at, milliseconds. */
    private static final long PLACE_MS = 500;
    /** Who was heard within this time counts for placement, milliseconds. */
    private static final long LIVE_MS = 3000;
    /** Who was heard within this time is there to take a shard, milliseconds. */
    private static final long THERE_MS = 1000;
    /** A replica that belongs elsewhere goes after this time, milliseconds. */
    private static final long UNPLACED_MS = 10_000;
    /** A standby that is to be given a shard may be so many records behind. */
    private static final long BEHIND_MAX = 1000;
    /** How long {@link #close} waits for somebody to take the shards, and for effects to go out. */
    private static final Duration LEAVE_TIMEOUT = Duration.ofMillis(1500);

    private final Hosting<C> hosting;
    private final int partitions;
    private final Map<Integer, Replica<C>> replicas = new ConcurrentHashMap<>();
    private final Supplier<List<Beat.Held>> report = this::held;
    /** Used by the thread that beats. */
    private final Pulse pulse;
    /** Why this host's thread does not go on, empty if it does. */
    private volatile String trouble = "";

    // Used by the reader's thread only.
    private final Map<Integer, Long> unplacedSinceMs = new ConcurrentHashMap<>();
    private final Map<Integer, Long> misplacedSinceMs = new ConcurrentHashMap<>();
    private long placedMs = Long.MIN_VALUE / 2;
    private long endsAskedMs = Long.MIN_VALUE / 2;
    private volatile boolean closing;

    /**
     * Starts: replicas open and claim what nobody owns. Blocks for the log's epoch, up to half a minute.
     *
     * @param logName the log
     * @param shards makes an empty shard
     * @param policies what owners do by themselves
     * @param observers for each partition, sees all effects on every replica; its calls come from the shard's thread
     */
    public ShardHost(
            Instance instance,
            String logName,
            Supplier<? extends Shard<C>> shards,
            HostSettings settings,
            List<OwnerPolicy<C>> policies,
            IntFunction<EffectSink> observers) {
        LogReader reader = instance.newReader("host-" + logName, settings.reader());
        try {
            this.hosting = new Hosting<>(
                    instance,
                    logName,
                    instance.epoch(logName),
                    shards,
                    settings,
                    List.copyOf(policies),
                    observers,
                    reader);
            this.partitions = instance.partitions(hosting.topic());
        } catch (RuntimeException e) {
            reader.close();
            throw e;
        }
        this.pulse = new Pulse(reader);
        reader.died().thenAccept(failure -> instance.beats().beatSoon());
        instance.beats().report(report);
        reader.addTurn(this::turn);
    }

    /** Starts without policies and observers. */
    public ShardHost(Instance instance, String logName, Supplier<? extends Shard<C>> shards, HostSettings settings) {
        this(instance, logName, shards, settings, List.of(), partition -> EffectSink.NONE);
    }

    private List<Beat.Held> held() {
        boolean stuck = pulse.isStuck(hosting.nowMs());
        tellTrouble(stuck);
        return replicas.values().stream()
                .map(Replica::held)
                .filter(Objects::nonNull)
                .map(held -> stuck ? held.standingStill() : held)
                .toList();
    }

    private void tellTrouble(boolean stuck) {
        Throwable failure = hosting.reader().failure();
        String now = failure != null
                ? "its thread has ended by " + failure + "; this process has to be started again"
                : stuck ? "its thread stands still at " + hosting.reader().whereabouts() : "";
        if (now.isEmpty() != trouble.isEmpty()) {
            if (stuck) {
                log.error("{}: gives the shards of {} away: {}", hosting.life(), hosting.log(), now);
            } else {
                log.warn("{}: the thread of {} goes on again", hosting.life(), hosting.log());
            }
        }
        trouble = now;
    }

    private long turn(long nowMs) {
        long wait = PLACE_MS;
        if (!closing && nowMs - placedMs >= PLACE_MS) {
            placedMs = nowMs;
            place(nowMs);
        }
        if (nowMs - endsAskedMs >= 10 * PLACE_MS) {
            endsAskedMs = nowMs;
            replicas.values().forEach(Replica::refreshLag);
        }
        for (Replica<C> replica : replicas.values()) {
            wait = Math.min(wait, replica.turn(nowMs));
        }
        return wait;
    }

    private void place(long nowMs) {
        String self = hosting.instance().life().instance();
        List<String> live = new ArrayList<>();
        live.add(self);
        for (Beat beat : hosting.instance().beats().book().heardWithin(LIVE_MS, nowMs)) {
            if (!beat.leaving() && beat.logs().contains(hosting.log())) {
                live.add(beat.life().instance());
            }
        }
        for (int partition = 0; partition < partitions; partition++) {
            List<String> holders = Placement.holders(
                    hosting.log(), partition, live, hosting.settings().replicas());
            Replica<C> replica = replicas.get(partition);
            if (holders.contains(self)) {
                unplacedSinceMs.remove(partition);
                if (replica == null) {
                    open(partition, holders);
                } else {
                    considerHandOver(partition, replica, holders.getFirst(), nowMs);
                }
            } else if (replica != null) {
                considerLeaving(partition, replica, nowMs);
            }
        }
    }

    private void open(int partition, List<String> holders) {
        log.info("{}: holds {}/{}, placed on {}", hosting.life(), hosting.log(), partition, holders);
        Replica<C> replica = new Replica<>(hosting, partition);
        replicas.put(partition, replica);
        replica.start();
    }

    /** Gives the shard to the instance that placement prefers, when that has been ready for long enough. */
    private void considerHandOver(int partition, Replica<C> replica, String preferred, long nowMs) {
        long afterMs = hosting.settings().handOverAfter().toMillis();
        boolean misplaced = afterMs > 0
                && replica.standing() == Beat.Standing.OWNER
                && !preferred.equals(hosting.instance().life().instance())
                && replica.neighbours().isReady(preferred, replica.status().applied(), BEHIND_MAX, nowMs);
        if (!misplaced) {
            misplacedSinceMs.remove(partition);
        } else if (nowMs - misplacedSinceMs.computeIfAbsent(partition, p -> nowMs) >= afterMs) {
            misplacedSinceMs.remove(partition);
            replica.giveAway("placement prefers " + preferred);
        }
    }

    private void considerLeaving(int partition, Replica<C> replica, long nowMs) {
        long since = unplacedSinceMs.computeIfAbsent(partition, p -> nowMs);
        if (nowMs - since < UNPLACED_MS) {
            return;
        }
        if (replica.standing() == Beat.Standing.OWNER) {
            replica.giveAway("placement has it elsewhere");
        } else if (replica.standing() != Beat.Standing.LEAVING
                && replica.neighbours().hasOtherOwner(nowMs)) {
            log.info("{}: lets {}/{} go, placement has it elsewhere", hosting.life(), hosting.log(), partition);
            replicas.remove(partition);
            unplacedSinceMs.remove(partition);
            replica.close();
        }
    }

    Hosting<C> hosting() {
        return hosting;
    }

    /** Where the shard has halted, null if it has not. Fails with {@code bad-field} if it is not held here. */
    CompletableFuture<TailListener.@Nullable Halt> halt(int partition) {
        Replica<C> replica = replicas.get(partition);
        if (replica == null) {
            return CompletableFuture.failedFuture(new ConveneException(
                    ErrorCode.BAD_FIELD,
                    "partition",
                    hosting.life() + " does not hold " + hosting.log() + "/" + partition
                            + ": ask an instance that does"));
        }
        CompletableFuture<TailListener.@Nullable Halt> halt = new CompletableFuture<>();
        hosting.reader().post(() -> halt.complete(replica.tail().halt()));
        return halt;
    }

    /** The log's name. */
    public String log() {
        return hosting.log();
    }

    /** The replicas of this instance, for health and diagnosis, by partition. */
    public List<ReplicaStatus> status() {
        String why = trouble;
        return replicas.values().stream()
                .map(Replica::status)
                .map(status -> why.isEmpty() ? status : status.unavailable(why))
                .sorted(java.util.Comparator.comparingInt(ReplicaStatus::partition))
                .toList();
    }

    /** Why this host does not go on with any of its shards and gives them away; empty if it does. */
    public String trouble() {
        return trouble;
    }

    /** Whether this instance is the owner of the shard. */
    public boolean owns(int partition) {
        Replica<C> replica = replicas.get(partition);
        return replica != null
                && (replica.status().standing() == Beat.Standing.OWNER
                        || replica.status().standing() == Beat.Standing.LEAVING);
    }

    /**
     * Reads something on the shard's thread, as of what this replica has applied; do not keep what is read if it can
     * change. Fails with {@link ConveneException}: {@link ErrorCode#STARTING} if the shard is not held here or has not read
     * to the end as of its start, {@link ErrorCode#SHARD_HALTED}, or {@link ErrorCode#OVERLOADED}.
     */
    public <T> CompletableFuture<T> inspect(int partition, Function<ShardMachine<C>, T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            hosting.reader().execute(() -> ask(partition, question, answer));
        } catch (RejectedExecutionException e) {
            answer.completeExceptionally(
                    new ConveneException(closing ? ErrorCode.SHUTTING_DOWN : ErrorCode.OVERLOADED));
        }
        return answer;
    }

    private <T> void ask(int partition, Function<ShardMachine<C>, T> question, CompletableFuture<T> answer) {
        Replica<C> replica = replicas.get(partition);
        ShardMachine<C> machine = replica == null ? null : replica.tail().machine();
        if (replica == null || machine == null || !replica.isCaughtUp()) {
            boolean halted = replica != null && replica.standing() == Beat.Standing.HALTED;
            answer.completeExceptionally(new ConveneException(halted ? ErrorCode.SHARD_HALTED : ErrorCode.STARTING));
            return;
        }
        try {
            answer.complete(question.apply(machine));
        } catch (RuntimeException e) {
            answer.completeExceptionally(e);
        }
    }

    /**
     * As {@link #inspect}, when everything is applied that stood in the log at the time of the call: a read that is not
     * older than its question. Appends nothing. Waits as long as it takes; give the future a timeout. Fails also with
     * {@link ErrorCode#UNAVAILABLE} if the broker does not tell the end within {@link LogAdmin#TIMEOUT}.
     */
    public <T> CompletableFuture<T> inspectAsOfNow(int partition, Function<ShardMachine<C>, T> question) {
        Replica<C> replica = replicas.get(partition);
        if (replica == null) {
            return CompletableFuture.failedFuture(new ConveneException(ErrorCode.STARTING));
        }
        return replica.tail()
                .appliedAsOfNow()
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(
                        LogAdmin.unwrap(failure) instanceof IllegalStateException
                                ? new ConveneException(ErrorCode.SHARD_HALTED)
                                : new ConveneException(ErrorCode.UNAVAILABLE)))
                .thenCompose(end -> inspect(partition, question));
    }

    /**
     * Offers what it owns to the others, waits a moment for them and for effects to go out, and stops; within three
     * seconds. The instance stays.
     */
    @Override
    public void close() {
        if (closing) {
            return;
        }
        closing = true;
        hosting.reader().post(() -> replicas.values().forEach(replica -> replica.retire("the instance goes down")));
        long deadline = System.nanoTime() + LEAVE_TIMEOUT.toNanos();
        boolean alone = hosting.instance().beats().book().heardWithin(THERE_MS, hosting.nowMs()).stream()
                .noneMatch(beat -> !beat.leaving()
                        && !beat.life().equals(hosting.instance().life())
                        && beat.held().stream().anyMatch(held -> held.log().equals(hosting.log())));
        while (System.nanoTime() < deadline && !isLeft(alone)) {
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
        stop();
    }

    private boolean isLeft(boolean alone) {
        return replicas.values().stream()
                .allMatch(replica ->
                        replica.isDrained() && (alone || !owns(replica.status().partition())));
    }

    /** Stops at once without a word, as if the process had been killed; for tests of takeovers. */
    public void stopAbruptly() {
        closing = true;
        stop();
    }

    private void stop() {
        hosting.instance().beats().forget(report);
        hosting.reader().close();
        replicas.values().forEach(Replica::close);
    }
}
