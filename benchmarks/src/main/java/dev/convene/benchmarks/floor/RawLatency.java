package dev.convene.benchmarks.floor;

import dev.convene.benchmarks.load.Latencies;
import dev.convene.benchmarks.load.Schedule;
import dev.convene.benchmarks.load.Stamp;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** From one producer through the broker to one consumer: the way that every message of the platform takes as well. */
public final class RawLatency implements AutoCloseable {
    private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final RawKafka kafka;
    private final int bodyBytes;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Tail tail;
    private volatile Latencies current;

    /** Opens the clients; they stay open over all runs, like those of a gateway. */
    public RawLatency(RawKafka kafka, int bodyBytes) {
        this.kafka = kafka;
        this.bodyBytes = bodyBytes;
        producer = kafka.producer();
        current = new Latencies(new Schedule(0, 1, 0));
        tail = new Tail(kafka, (value, now) -> current.record(Stamp.timeNanos(value, 0), now));
    }

    /** Sends by this schedule and returns when everything has come, or nothing more comes. */
    public Latencies run(Schedule schedule) {
        Latencies latencies = new Latencies(schedule);
        current = latencies;
        schedule.run((index, due) -> {
            byte[] value = Stamp.body(bodyBytes);
            Stamp.write(value, 0, due, index);
            producer.send(new ProducerRecord<>(
                    kafka.partition().topic(), kafka.partition().partition(), null, value));
        });
        long deadline = System.nanoTime() + DRAIN_NANOS;
        while (latencies.received() < schedule.count() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return latencies;
    }

    @Override
    public void close() {
        producer.close();
        tail.close();
    }
}
