package dev.convene.runtime.host.log;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends records with an idempotent producer (acks=all), and messages that may be lost with a second one (acks=1: so that
 * what is lost is known, and no more than a few requests wait in a connection that does not move).
 *
 * <p>Retries happen inside Kafka only, within {@link Settings#deliveryTimeout}; they keep the order of a partition and
 * double nothing. When an append fails, later ones to the same partition may still succeed: whoever needs more than that
 * waits for the acknowledgement before the next (the outbox) or numbers its records (gateways). After a fatal error the
 * producer is replaced.
 *
 * <p>Thread-safe. Returned futures complete on the producer's own thread: what follows must be short and must not block.
 */
public final class LogWriter implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LogWriter.class);

    /** A producer that did not last this long is replaced no sooner, milliseconds. */
    private static final long REPLACE_INTERVAL_MS = 200;

    /** What waits while the requests before it are on their way goes together, up to so many bytes. */
    private static final int BATCH_BYTES = 128 << 10;

    /** What may wait to be lost or not, bytes; and for how long, milliseconds. */
    private static final long UNACKNOWLEDGED_BYTES = 4L << 20;

    private static final int UNACKNOWLEDGED_MS = 1000;

    /** How long a start waits to learn where a topic's partitions are, milliseconds. */
    private static final long PREPARE_MS = 2000;

    /** While the brokers are away an append tries and may wait so often, milliseconds. */
    private static final long SUSPECT_MS = 250;

    /**
     * @param linger how long a batch waits for more, 0 or 1 ms for requests
     * @param deliveryTimeout after this an append is given up, its outcome unknown
     * @param maxBlock how long {@code append} may block when the topic's partitions are not known, at first and when all
     *     brokers have been away; one append in a quarter of a second, others fail at once. With 0 no append ever blocks:
     *     for threads that serve many
     * @param inFlightBytesMax bytes that may wait for acknowledgement; an append beyond fails at once
     * @param recordBytesMax largest record
     */
    public record Settings(
            Duration linger, Duration deliveryTimeout, Duration maxBlock, long inFlightBytesMax, int recordBytesMax) {
        /** For requests: no linger, 2 s, 32 MiB, records of 4 MiB. */
        public static final Settings DEFAULT =
                new Settings(Duration.ZERO, Duration.ofSeconds(2), Duration.ofMillis(100), 32L << 20, 4 << 20);

        public Settings {
            if (deliveryTimeout.compareTo(linger.plusMillis(100)) < 0) {
                throw new IllegalArgumentException(
                        "deliveryTimeout " + deliveryTimeout + " must be longer than linger " + linger);
            }
        }

        /** The same for threads that must not block, with another limit for the size of a record. */
        public Settings withoutBlocking(int newRecordBytesMax) {
            return new Settings(linger, deliveryTimeout, Duration.ZERO, inFlightBytesMax, newRecordBytesMax);
        }

        /** The same with another linger. */
        public Settings withLinger(Duration newLinger) {
            return new Settings(newLinger, deliveryTimeout, maxBlock, inFlightBytesMax, recordBytesMax);
        }
    }

    private final KafkaAccess access;
    private final String name;
    private final Settings settings;
    private final Clocks clocks;
    private final MeterRegistry meters;
    private final Tags tags;
    private final Map<String, Timer> latencies = new ConcurrentHashMap<>();
    private final AtomicLong bytesInFlight = new AtomicLong();
    private final ReentrantLock replacing = new ReentrantLock();
    private volatile KafkaProducer<byte[], byte[]> producer;
    private volatile @Nullable KafkaProducer<byte[], byte[]> unacknowledged;
    private volatile boolean closed;
    /** The last append did not find its partition: until this time all fail at once, then one tries. */
    private volatile long suspectUntilMs = Long.MIN_VALUE;

    private final AtomicBoolean trying = new AtomicBoolean();
    private long replacedMs = Long.MIN_VALUE / 2;

    /** @param name tells the writers of one instance apart */
    public LogWriter(String name, KafkaAccess access, Settings settings, Clocks clocks, MeterRegistry meters) {
        this.access = access;
        this.name = name;
        this.settings = settings;
        this.clocks = clocks;
        this.meters = meters;
        this.tags = Tags.of("writer", name, "client", access.clientId());
        this.producer = newProducer();
        Gauge.builder("convene.append.bytes", bytesInFlight, AtomicLong::get)
                .tags(tags)
                .register(meters);
    }

    /**
     * Learns where the partitions of these topics are, so that no append has to wait for it. Blocks up to two seconds for
     * each; what could not be learned is learned by the first append, which may fail.
     */
    public void prepare(Collection<String> topics) {
        topics.forEach(topic -> prepare(producer, topic));
    }

    /** The same for {@link #appendUnacknowledged}. */
    public void prepareUnacknowledged(Collection<String> topics) {
        topics.forEach(topic -> prepare(unacknowledged(), topic));
    }

    private void prepare(KafkaProducer<byte[], byte[]> client, String topic) {
        long deadlineMs = clocks.monotonicMs() + PREPARE_MS;
        while (true) {
            try {
                client.partitionsFor(topic);
                return;
            } catch (KafkaException e) {
                // It does not wait itself if nothing may block.
                if (clocks.monotonicMs() > deadlineMs || Thread.currentThread().isInterrupted()) {
                    log.info("Writer {} does not know the partitions of {} yet: {}", name, topic, e.getMessage());
                    return;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            }
        }
    }

    /** Appends a value without headers. */
    public CompletableFuture<Long> append(String topic, int partition, byte[] value) {
        return append(topic, partition, null, List.of(), value);
    }

    /** Appends a value with headers. */
    public CompletableFuture<Long> append(String topic, int partition, List<Header> headers, byte[] value) {
        return append(topic, partition, null, headers, value);
    }

    /**
     * Appends a record.
     *
     * @param key the record's key, or null
     * @param value its value; null deletes the key in a compacted topic
     * @return its offset, or {@link AppendException}, within the delivery timeout and a little
     */
    public CompletableFuture<Long> append(
            String topic, int partition, byte @Nullable [] key, List<Header> headers, byte @Nullable [] value) {
        if (closed) {
            return CompletableFuture.failedFuture(AppendException.closed());
        }
        long size = size(key, headers, value);
        if (bytesInFlight.addAndGet(size) > settings.inFlightBytesMax() + size) {
            long present = bytesInFlight.addAndGet(-size);
            return CompletableFuture.failedFuture(AppendException.overloaded(present));
        }
        Append append = new Append(producer, topic, size);
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, partition, null, key, value, headers);
        if (suspectUntilMs == Long.MIN_VALUE) {
            append.send(record);
        } else {
            sendWhileSuspect(append, record);
        }
        return append.result;
    }

    /** An append may wait for the brokers, but not every one of them for as long as they are away. */
    private void sendWhileSuspect(Append append, ProducerRecord<byte[], byte[]> record) {
        if (clocks.monotonicMs() < suspectUntilMs || !trying.compareAndSet(false, true)) {
            append.fail(AppendException.unavailable());
            return;
        }
        try {
            append.send(record);
        } finally {
            trying.set(false);
        }
    }

    /**
     * Sends a record that may be lost: now or, within a second, never. No retry; dropped at once when the producer cannot
     * take it, or while appends find no broker. Never blocks. For messages of service level unreliable only.
     *
     * @param dropped called if the record is known to be lost, perhaps before this returns
     */
    public void appendUnacknowledged(
            String topic, int partition, List<Header> headers, byte[] value, Runnable dropped) {
        if (suspectUntilMs != Long.MIN_VALUE && clocks.monotonicMs() < suspectUntilMs) {
            dropped.run();
            return;
        }
        try {
            unacknowledged().send(new ProducerRecord<>(topic, partition, null, null, value, headers), (metadata, e) -> {
                if (e != null) {
                    dropped.run();
                }
            });
        } catch (KafkaException | IllegalStateException e) {
            log.debug("Writer {} dropped an unacknowledged record: {}", name, e.getMessage());
            dropped.run();
        }
    }

    /** Bytes that wait for acknowledgement. */
    public long bytesInFlight() {
        return bytesInFlight.get();
    }

    private KafkaProducer<byte[], byte[]> unacknowledged() {
        KafkaProducer<byte[], byte[]> known = unacknowledged;
        if (known != null) {
            return known;
        }
        replacing.lock();
        try {
            known = unacknowledged;
            if (known == null) {
                if (closed) {
                    throw new IllegalStateException("the writer is closed");
                }
                known = newUnacknowledged();
                unacknowledged = known;
            }
            return known;
        } finally {
            replacing.unlock();
        }
    }

    private KafkaProducer<byte[], byte[]> newProducer() {
        Map<String, Object> config = config(name);
        config.put("acks", "all");
        config.put("enable.idempotence", true);
        config.put("max.in.flight.requests.per.connection", 5);
        config.put("delivery.timeout.ms", (int) settings.deliveryTimeout().toMillis());
        long request =
                Math.max(50, settings.deliveryTimeout().minus(settings.linger()).toMillis() * 3 / 4);
        config.put("request.timeout.ms", (int) request);
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private KafkaProducer<byte[], byte[]> newUnacknowledged() {
        Map<String, Object> config = config(name + "-unacknowledged");
        config.put("acks", "1");
        config.put("enable.idempotence", false);
        config.put("retries", 0);
        config.put("max.block.ms", 0);
        config.put("buffer.memory", Math.max(UNACKNOWLEDGED_BYTES, 2L * settings.recordBytesMax()));
        config.put("linger.ms", 0);
        config.put("request.timeout.ms", UNACKNOWLEDGED_MS);
        config.put("delivery.timeout.ms", UNACKNOWLEDGED_MS);
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private Map<String, Object> config(String part) {
        Map<String, Object> config = access.settings(part);
        config.put("linger.ms", settings.linger().toMillis());
        config.put("batch.size", BATCH_BYTES);
        config.put("max.block.ms", settings.maxBlock().toMillis());
        config.put("buffer.memory", Math.max(2 * settings.inFlightBytesMax(), 2L * settings.recordBytesMax()));
        config.put("max.request.size", settings.recordBytesMax());
        // A topic once known stays known: otherwise the first append after a quiet time waits for the metadata again.
        config.put("metadata.max.idle.ms", TimeUnit.DAYS.toMillis(365));
        return config;
    }

    private static long size(byte @Nullable [] key, List<Header> headers, byte @Nullable [] value) {
        long size = (key == null ? 0 : key.length) + (value == null ? 0 : value.length) + 64L;
        for (Header header : headers) {
            size += header.key().length() + header.value().length;
        }
        return size;
    }

    private void replace(KafkaProducer<byte[], byte[]> broken, Throwable why) {
        replacing.lock();
        try {
            long now = clocks.monotonicMs();
            if (closed || producer != broken || now - replacedMs < REPLACE_INTERVAL_MS) {
                return;
            }
            log.warn("Writer {} replaces its producer after a fatal error: {}", name, why.toString());
            replacedMs = now;
            producer = newProducer();
        } finally {
            replacing.unlock();
        }
        // Not on the producer's own thread: closing waits for that one.
        Thread.ofPlatform().daemon().name(name + "-close").start(() -> broken.close(Duration.ZERO));
    }

    private Timer latency(String topic) {
        return latencies.computeIfAbsent(
                topic,
                t -> Timer.builder("convene.append.latency")
                        .tags(tags)
                        .tag("topic", t)
                        .register(meters));
    }

    /** Closes within two seconds; appends that are not acknowledged by then fail with unknown outcome. */
    @Override
    public void close() {
        closed = true;
        producer.close(Duration.ofSeconds(1));
        KafkaProducer<byte[], byte[]> second = unacknowledged;
        if (second != null) {
            second.close(Duration.ofMillis(200));
        }
    }

    /** One append on its way. */
    private final class Append implements Callback {
        private final CompletableFuture<Long> result = new CompletableFuture<>();
        private final KafkaProducer<byte[], byte[]> via;
        private final String topic;
        private final long size;
        private final long startNanos = clocks.nanos().getAsLong();
        private final Thread sender = Thread.currentThread();
        /** Used by the sending thread only: a failure during the call to send comes before the network. */
        private boolean inSend = true;

        Append(KafkaProducer<byte[], byte[]> via, String topic, long size) {
            this.via = via;
            this.topic = topic;
            this.size = size;
        }

        void send(ProducerRecord<byte[], byte[]> record) {
            try {
                via.send(record, this);
                if (!result.isCompletedExceptionally()) {
                    suspectUntilMs = Long.MIN_VALUE;
                }
            } catch (KafkaException | IllegalStateException e) {
                fail(AppendException.beforeSending(e));
                if (!(e instanceof ApiException)) {
                    replace(via, e);
                }
            } finally {
                inSend = false;
            }
        }

        @Override
        public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception failure) {
            if (failure != null) {
                boolean before = Thread.currentThread() == sender && inSend;
                if (before && failure instanceof TimeoutException) {
                    suspectUntilMs = clocks.monotonicMs() + SUSPECT_MS;
                }
                fail(before ? AppendException.beforeSending(failure) : AppendException.afterSending(failure));
                if (AppendException.isFatal(failure)) {
                    replace(via, failure);
                }
            } else if (metadata != null && !result.isDone()) {
                bytesInFlight.addAndGet(-size);
                latency(topic).record(clocks.nanos().getAsLong() - startNanos, TimeUnit.NANOSECONDS);
                result.complete(metadata.offset());
            }
        }

        private void fail(AppendException failure) {
            if (!result.isDone()) {
                bytesInFlight.addAndGet(-size);
                log.debug("Writer {}: {}: {}", name, topic, failure.getMessage());
                result.completeExceptionally(failure);
            }
        }
    }
}
