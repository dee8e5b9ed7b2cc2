package dev.convene.groupservice.adapter.log;

import dev.convene.groupservice.core.shards.ShardStatus;
import dev.convene.groupservice.core.shards.Shards;
import dev.convene.runtime.host.Instance;
import dev.convene.runtime.host.ReplicaStatus;
import dev.convene.runtime.host.ShardHost;
import dev.convene.runtime.host.beat.Beat;
import dev.convene.runtime.host.beat.Beat.Standing;
import dev.convene.runtime.host.log.LogEpoch;
import dev.convene.runtime.host.log.Topics;
import dev.convene.runtime.host.snapshot.Manifest;
import dev.convene.runtime.machine.Failures;
import dev.convene.runtime.machine.MachineView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Tells how the shards of this process stand. */
public final class ShardReport implements Shards {
    /** A shard that does not answer is reported without what it was asked for. */
    private static final Duration TIME_LIMIT = Duration.ofSeconds(1);
    /** After this time an instance without a shard has none because none is placed here. */
    private static final Duration PLACED = Duration.ofSeconds(3);
    /** Who was heard within this time is there, milliseconds. */
    private static final long THERE_MS = 1500;

    private record Counts(long malformed, long failed, int behaviour) {
        static Counts of(MachineView view) {
            Failures failures = view.failures();
            return new Counts(failures.malformedCount(), failures.failedCount(), view.behaviour());
        }
    }

    private final HostedShards shards;
    private final BrokerCalls broker;

    public ShardReport(HostedShards shards) {
        this.shards = shards;
        this.broker = new BrokerCalls(shards);
    }

    @Override
    public boolean areReady() {
        HostedShards.Running running = shards.runningIfAny();
        if (running == null) {
            return false;
        }
        List<ReplicaStatus> replicas = replicas(running);
        if (replicas.isEmpty()) {
            return shards.clocks().monotonicMs() - running.sinceMs() >= PLACED.toMillis();
        }
        return replicas.stream().noneMatch(replica -> replica.standing() == Standing.CATCHING_UP);
    }

    @Override
    public String trouble() {
        HostedShards.Running running = shards.runningIfAny();
        if (running == null) {
            return "";
        }
        String sessions = running.sessions().trouble();
        return sessions.isEmpty() ? running.groups().trouble() : sessions;
    }

    private static List<ReplicaStatus> replicas(HostedShards.Running running) {
        List<ReplicaStatus> replicas = new ArrayList<>(running.groups().status());
        replicas.addAll(running.sessions().status());
        return replicas;
    }

    @Override
    public CompletableFuture<List<ShardStatus>> status() {
        HostedShards.Running running = shards.running();
        List<TopicPartition> held = replicas(running).stream()
                .map(replica -> new TopicPartition(Topics.ofLog(replica.log()), replica.partition()))
                .toList();
        return broker.call(() -> running.instance().admin().ends(held))
                .exceptionally(failure -> Map.of())
                .thenCompose(ends -> all(List.of(
                        all(of(running.groups(), running.instance(), ends)),
                        all(of(running.sessions(), running.instance(), ends)))))
                .thenApply(both -> both.stream().flatMap(List::stream).toList());
    }

    private static <T> CompletableFuture<List<T>> all(List<CompletableFuture<T>> each) {
        return CompletableFuture.allOf(each.toArray(CompletableFuture[]::new))
                .thenApply(done -> each.stream().map(CompletableFuture::join).toList());
    }

    private static <C> List<CompletableFuture<ShardStatus>> of(
            ShardHost<C> host, Instance instance, Map<TopicPartition, Long> ends) {
        List<CompletableFuture<ShardStatus>> all = new ArrayList<>();
        for (ReplicaStatus replica : host.status()) {
            Long end = ends.get(new TopicPartition(Topics.ofLog(replica.log()), replica.partition()));
            all.add(counts(host, replica.partition()).thenApply(counts -> status(replica, end, counts, instance)));
        }
        return all;
    }

    private static CompletableFuture<@Nullable Counts> counts(ShardHost<?> host, int partition) {
        return host.inspect(partition, machine -> Counts.of(machine.view()))
                .<@Nullable Counts>thenApply(counts -> counts)
                .completeOnTimeout(null, TIME_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(failure -> null);
    }

    private static ShardStatus status(
            ReplicaStatus replica, @Nullable Long end, @Nullable Counts counts, Instance instance) {
        LogEpoch epoch = instance.epoch(replica.log());
        List<Manifest> snapshots = instance.snapshots().manifests(replica.log(), replica.partition(), epoch);
        Manifest newest = snapshots.isEmpty() ? null : snapshots.getFirst();
        return new ShardStatus(
                replica.log(),
                replica.partition(),
                role(replica.standing()),
                replica.term(),
                replica.owner(),
                replica.applied(),
                end == null ? null : Math.max(0, end - replica.applied()),
                replica.effects(),
                counts == null ? null : counts.malformed(),
                counts == null ? null : counts.failed(),
                replica.fault(),
                newest == null ? null : newest.position(),
                newest == null ? null : instance.clocks().wallMs() - newest.takenMs(),
                newest == null ? null : newest.sizeBytes(),
                epoch.text(),
                counts == null ? null : counts.behaviour(),
                elsewhere(replica, epoch, instance));
    }

    private static List<String> elsewhere(ReplicaStatus replica, LogEpoch epoch, Instance instance) {
        List<String> others = new ArrayList<>();
        long nowMs = instance.clocks().monotonicMs();
        for (Beat beat : instance.beats().book().heardWithin(THERE_MS, nowMs)) {
            for (Beat.Held held : beat.held()) {
                if (!beat.life().equals(instance.life())
                        && held.log().equals(replica.log())
                        && held.partition() == replica.partition()
                        && held.epoch().equals(epoch.text())) {
                    others.add(role(held.standing()) + " at " + held.applied() + " on "
                            + beat.life().instance());
                }
            }
        }
        return others.stream().sorted().toList();
    }

    private static String role(Standing standing) {
        return standing.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
