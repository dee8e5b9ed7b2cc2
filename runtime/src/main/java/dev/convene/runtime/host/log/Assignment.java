package dev.convene.runtime.host.log;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions that a reader reads, each with its handler: what the consumer is assigned, and who gets what it polls.
 * Handlers may add and drop partitions while they are given records. Used by the reader's thread only.
 */
final class Assignment {
    private static final Logger log = LoggerFactory.getLogger(Assignment.class);

    private final String reader;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Runnable goesOn;
    private final Map<TopicPartition, Tail> tails = new LinkedHashMap<>();

    /** @param goesOn called before each record */
    Assignment(String reader, KafkaConsumer<byte[], byte[]> consumer, Runnable goesOn) {
        this.reader = reader;
        this.consumer = consumer;
        this.goesOn = goesOn;
    }

    boolean isEmpty() {
        return tails.isEmpty();
    }

    /** How a partition is read, or null. */
    @Nullable Tail find(TopicPartition partition) {
        return tails.get(partition);
    }

    /** Reads a partition from this offset on, also if it was read from elsewhere. */
    void add(TopicPartition partition, long offset, RecordHandler handler) {
        Tail before = tails.put(partition, new Tail(partition, offset, handler));
        assign();
        consumer.seek(partition, offset);
        if (before != null) {
            consumer.resume(List.of(partition));
            before.cancel();
        }
    }

    /** The reader ends: nobody who waits for an end gets there. */
    void cancel() {
        tails.values().forEach(Tail::cancel);
    }

    /** Gives out what was polled. */
    void give(ConsumerRecords<byte[], byte[]> records) {
        for (TopicPartition partition : records.partitions()) {
            give(partition, records.records(partition));
        }
        checkAwaited();
    }

    private void give(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records) {
        Tail tail = tails.get(partition);
        if (tail == null) {
            return;
        }
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (tails.get(partition) != tail) {
                return;
            }
            goesOn.run();
            tail.next = record.offset() + 1;
            if (!handle(tail, () -> tail.handler.record(LogRecord.of(record)))) {
                return;
            }
        }
        if (tails.get(partition) == tail) {
            handle(tail, tail.handler::batchEnded);
        }
    }

    /** Whether the partition is read on. */
    private boolean handle(Tail tail, Runnable call) {
        try {
            call.run();
            return true;
        } catch (RuntimeException | StackOverflowError | AssertionError e) {
            boolean goesOnReading = false;
            try {
                goesOnReading = tail.handler.failed(e);
            } catch (RuntimeException twice) {
                log.error("Reader {}: the handler of {} failed twice", reader, tail.partition, twice);
            }
            if (!goesOnReading && tails.get(tail.partition) == tail) {
                drop(tail.partition);
            }
            return goesOnReading;
        }
    }

    private void checkAwaited() {
        for (Tail tail : tails.values()) {
            if (tail.isAwaited()) {
                // Completing may change the map: look again at the next poll.
                if (tail.check(consumer)) {
                    return;
                }
            }
        }
    }

    /** Ends the reading of partitions that do not have the offset any longer, or not yet. */
    void outOfRange(Map<TopicPartition, Long> positions) {
        for (Map.Entry<TopicPartition, Long> entry : new HashMap<>(positions).entrySet()) {
            Tail tail = tails.get(entry.getKey());
            if (tail != null) {
                drop(entry.getKey());
                try {
                    tail.handler.outOfRange(entry.getValue());
                } catch (RuntimeException e) {
                    log.error("Reader {}: {} is not read any longer", reader, tail.partition, e);
                }
            }
        }
    }

    /** Reads nothing of a partition for a while; without effect on one that is not read. */
    void setPaused(TopicPartition partition, boolean paused) {
        Tail tail = tails.get(partition);
        if (tail != null && tail.paused != paused) {
            tail.paused = paused;
            if (paused) {
                consumer.pause(List.of(partition));
            } else {
                consumer.resume(List.of(partition));
            }
        }
    }

    /** Reads a partition no longer. */
    void drop(TopicPartition partition) {
        Tail tail = tails.remove(partition);
        if (tail != null) {
            assign();
            tail.cancel();
        }
    }

    /** Tells the consumer what it reads; partitions that stay keep their positions and pauses. */
    private void assign() {
        Collection<TopicPartition> assigned = new ArrayList<>(tails.keySet());
        if (assigned.isEmpty()) {
            consumer.unsubscribe();
        } else {
            consumer.assign(assigned);
        }
    }
}
