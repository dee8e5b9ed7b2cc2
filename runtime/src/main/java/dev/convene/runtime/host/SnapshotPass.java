package dev.convene.runtime.host;

import dev.convene.runtime.host.log.LogConsumer;
import dev.convene.runtime.host.log.LogRecord;
import dev.convene.runtime.machine.EffectSink;
import dev.convene.runtime.machine.ShardMachine;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;

/**
 * Brings a second machine of a shard to a position, from the snapshot before and the records since, so that a large
 * snapshot can be written while the shard goes on. Thread-safe; blocks.
 *
 * @param <C> the shard's commands
 */
final class SnapshotPass<C> {
    /** A pass that takes longer is given up. */
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    private static final Duration POLL = Duration.ofMillis(100);

    private final Instance instance;
    private final MachineLoader<C> loader;

    SnapshotPass(Hosting<C> hosting, int partition) {
        this.instance = hosting.instance();
        this.loader = new MachineLoader<>(instance, hosting.log(), partition, hosting.shards());
    }

    /**
     * A machine whose next offset is the position.
     *
     * @param position the next offset of a machine that has gone the same way
     * @param skipped offsets that operators have decided to pass over
     * @param cancelled asked between fetches
     * @throws KafkaException if the broker does not answer, or it takes too long
     * @throws CancellationException if it was cancelled
     */
    ShardMachine<C> bring(long position, Set<Long> skipped, BooleanSupplier cancelled) {
        long deadline = instance.clocks().monotonicMs() + TIMEOUT.toMillis();
        ShardMachine<C> machine = loader.open(position, skipped).machine();
        try (LogConsumer reading = new LogConsumer(
                "snapshot",
                instance.settings().kafka(),
                loader.partition(),
                machine.view().nextOffset())) {
            while (machine.view().nextOffset() < position) {
                if (cancelled.getAsBoolean()) {
                    throw new CancellationException();
                }
                if (instance.clocks().monotonicMs() > deadline) {
                    throw new KafkaException(loader.partition() + " was not read up to " + position + " within "
                            + TIMEOUT + ", only to " + machine.view().nextOffset());
                }
                for (ConsumerRecord<byte[], byte[]> each : reading.poll(POLL)) {
                    if (each.offset() < position) {
                        LogRecord record = LogRecord.of(each);
                        machine.apply(record.offset(), record.header(), record.value(), EffectSink.NONE);
                    }
                }
            }
        }
        return machine;
    }
}
