package dev.convene.benchmarks.floor;

import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/** A thread that reads the partition and hands every value to a handler, until it is closed. */
final class Tail implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);

    /** Runs on the reading thread. */
    @FunctionalInterface
    interface Handler {
        void value(byte[] value, long nowNanos);
    }

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread thread;
    private volatile boolean closed;

    /** The consumer stands at the end of the partition when this returns. */
    Tail(RawKafka kafka, Handler handler) {
        consumer = kafka.consumer();
        TopicPartition partition = kafka.partition();
        thread = Thread.ofPlatform().daemon().name("floor-tail").start(() -> run(partition, handler));
    }

    private void run(TopicPartition partition, Handler handler) {
        while (!closed) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            long now = System.nanoTime();
            for (ConsumerRecord<byte[], byte[]> record : records.records(partition)) {
                handler.value(record.value(), now);
            }
        }
        consumer.close();
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
