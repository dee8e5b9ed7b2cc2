package dev.convene.runtime.host.log;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** A partition that is read, used by its reader's thread only. */
final class Tail {
    private record Awaited(long end, CompletableFuture<Long> reached) {}

    final TopicPartition partition;
    final RecordHandler handler;
    long next;
    boolean paused;
    private final List<Awaited> awaited = new ArrayList<>();

    Tail(TopicPartition partition, long offset, RecordHandler handler) {
        this.partition = partition;
        this.next = offset;
        this.handler = handler;
    }

    void await(long end, CompletableFuture<Long> reached) {
        awaited.add(new Awaited(end, reached));
    }

    boolean isAwaited() {
        return !awaited.isEmpty();
    }

    /** Completes what was waited for; returns whether anything was. */
    boolean check(KafkaConsumer<byte[], byte[]> consumer) {
        if (awaited.stream().anyMatch(a -> next < a.end)) {
            // The last records may be missing (compaction): the consumer knows how far it has looked.
            next = Math.max(next, position(consumer));
        }
        List<Awaited> reached = awaited.stream().filter(a -> next >= a.end).toList();
        awaited.removeAll(reached);
        reached.forEach(a -> a.reached.complete(a.end));
        return !reached.isEmpty();
    }

    private long position(KafkaConsumer<byte[], byte[]> consumer) {
        try {
            return consumer.position(partition, Duration.ZERO);
        } catch (KafkaException _) {
            // Not known yet, or woken for a task: the next look will tell.
            return next;
        }
    }

    void cancel() {
        List<Awaited> left = List.copyOf(awaited);
        awaited.clear();
        left.forEach(a -> a.reached.cancel(false));
    }
}
