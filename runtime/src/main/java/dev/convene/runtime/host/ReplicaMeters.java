package dev.convene.runtime.host;

import dev.convene.runtime.host.snapshot.Manifest;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The metrics of one replica, see the package documentation. */
final class ReplicaMeters {
    private final Hosting<?> hosting;
    private final MeterRegistry registry;
    private final List<Meter> meters = new ArrayList<>();
    private final Counter terms;
    private final Counter takeovers;
    private final Timer snapshotWrite;
    private final Timer snapshotPause;
    private final AtomicLong end = new AtomicLong();
    private final TopicPartition partition;

    ReplicaMeters(
            Hosting<?> hosting,
            int partition,
            Supplier<ReplicaStatus> status,
            Supplier<@Nullable Manifest> newestSnapshot) {
        this.hosting = hosting;
        this.registry = hosting.instance().meters();
        this.partition = new TopicPartition(hosting.topic(), partition);
        Tags tags = hosting.tags(partition);
        terms = keep(Counter.builder("convene.shard.terms").tags(tags).register(registry));
        takeovers = keep(Counter.builder("convene.shard.takeovers").tags(tags).register(registry));
        snapshotWrite = keep(Timer.builder("convene.snapshot.write").tags(tags).register(registry));
        snapshotPause = keep(Timer.builder("convene.snapshot.pause").tags(tags).register(registry));
        gauge("convene.shard.applied", tags, status, s -> s.applied());
        gauge("convene.shard.lag", tags, status, s -> Math.max(0, end.get() - s.applied()));
        gauge("convene.shard.standing", tags, status, s -> s.standing().ordinal());
        gauge("convene.shard.held", tags, status, s -> s.givesOut() ? 0 : s.effects());
        gauge("convene.shard.outbox", tags, status, s -> s.givesOut() ? s.effects() : 0);
        gauge("convene.snapshot.age", tags, newestSnapshot, this::ageSeconds);
        gauge("convene.snapshot.bytes", tags, newestSnapshot, manifest -> manifest.sizeBytes());
    }

    private double ageSeconds(Manifest manifest) {
        return (hosting.instance().clocks().wallMs() - manifest.takenMs()) / 1000.0;
    }

    private <T> void gauge(String name, Tags tags, Supplier<@Nullable T> of, ToDoubleFunction<T> value) {
        keep(Gauge.builder(name, () -> {
                    T present = of.get();
                    return present == null ? Double.NaN : value.applyAsDouble(present);
                })
                .tags(tags)
                .register(registry));
    }

    private <M extends Meter> M keep(M meter) {
        meters.add(meter);
        return meter;
    }

    void termRead() {
        terms.increment();
    }

    void tookOver() {
        takeovers.increment();
    }

    /** A snapshot was written, from its beginning to the last chunk. Any thread. */
    void snapshotWritten(long nanos) {
        snapshotWrite.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** The shard's thread wrote a snapshot out by itself, and did nothing else for so long. */
    void shardStood(long nanos) {
        snapshotPause.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** Asks for the end, so that the lag is known. */
    void refreshEnd() {
        hosting.instance().admin().end(partition).thenAccept(end::set);
    }

    void close() {
        meters.forEach(registry::remove);
    }
}
