package dev.convene.runtime.host;

import dev.convene.runtime.Shard;
import dev.convene.runtime.host.effect.Source;
import dev.convene.runtime.host.log.LogEpoch;
import dev.convene.runtime.host.log.LogReader;
import dev.convene.runtime.host.log.Topics;
import dev.convene.runtime.machine.EffectSink;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * What the replicas of one log share.
 *
 * @param observers for each partition, sees all effects on every replica
 */
record Hosting<C>(
        Instance instance,
        String log,
        LogEpoch epoch,
        Supplier<? extends Shard<C>> shards,
        HostSettings settings,
        List<OwnerPolicy<C>> policies,
        IntFunction<EffectSink> observers,
        LogReader reader) {

    String topic() {
        return Topics.ofLog(log);
    }

    String life() {
        return instance.life().toString();
    }

    Source source(int partition) {
        return new Source(log, partition, epoch.text());
    }

    Tags tags(int partition) {
        return Tags.of("log", log, "partition", Integer.toString(partition));
    }

    long nowMs() {
        return instance.clocks().monotonicMs();
    }
}
