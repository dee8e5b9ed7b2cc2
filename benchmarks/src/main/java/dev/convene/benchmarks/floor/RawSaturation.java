package dev.convene.benchmarks.floor;

import dev.convene.benchmarks.load.Stamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InterruptException;

/**
 * As many producers as consumers, all on one partition, each producer with a window of unacknowledged records; every
 * consumer reads everything.
 */
public final class RawSaturation implements AutoCloseable {
    private final RawKafka kafka;
    private final int bodyBytes;
    private final int window;
    private final List<KafkaProducer<byte[], byte[]>> producers = new ArrayList<>();
    private final List<Tail> tails = new ArrayList<>();
    /** Counts of the consumers, apart from each other by a cache line. */
    private final AtomicLongArray received;

    private static final int APART = 8;

    private volatile boolean stopped = true;

    /** Opens the clients; they stay open over all runs. */
    public RawSaturation(RawKafka kafka, int clients, int bodyBytes, int window) {
        this.kafka = kafka;
        this.bodyBytes = bodyBytes;
        this.window = window;
        received = new AtomicLongArray(clients * APART);
        for (int i = 0; i < clients; i++) {
            int slot = i * APART;
            producers.add(kafka.producer());
            tails.add(new Tail(kafka, (value, now) -> received.lazySet(slot, received.get(slot) + 1)));
        }
    }

    /**
     * Runs for so long, with a quarter of that before it to come up to speed.
     *
     * @return records a second that the slowest consumer got
     */
    public double run(Duration duration) {
        stopped = false;
        List<Thread> threads = producers.stream().map(this::start).toList();
        LockSupport.parkNanos(duration.toNanos() / 4);
        long before = slowest();
        long startNanos = System.nanoTime();
        LockSupport.parkNanos(duration.toNanos());
        double rate = (slowest() - before) * 1e9 / (System.nanoTime() - startNanos);
        stopped = true;
        threads.forEach(RawSaturation::join);
        return rate;
    }

    private long slowest() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < received.length(); i += APART) {
            least = Math.min(least, received.get(i));
        }
        return least;
    }

    private Thread start(KafkaProducer<byte[], byte[]> producer) {
        return Thread.ofPlatform().daemon().name("floor-producer").start(() -> {
            Semaphore free = new Semaphore(window);
            for (long number = 0; !stopped; number++) {
                free.acquireUninterruptibly();
                byte[] value = Stamp.body(bodyBytes);
                Stamp.write(value, 0, System.nanoTime(), number);
                producer.send(
                        new ProducerRecord<>(
                                kafka.partition().topic(), kafka.partition().partition(), null, value),
                        (metadata, failure) -> free.release());
            }
            free.acquireUninterruptibly(window);
        });
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    @Override
    public void close() {
        producers.forEach(KafkaProducer::close);
        tails.forEach(Tail::close);
    }
}
