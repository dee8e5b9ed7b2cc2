package dev.convene.groupservice.adapter.audit;

import dev.convene.groupservice.core.audit.AuditFact;
import dev.convene.groupservice.core.audit.AuditLog;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.stream.function.StreamBridge;
import org.springframework.context.SmartLifecycle;

/**
 * Publishes facts as JSON to the binding {@value #BINDING}, in order, from a queue and a thread of its own: a broker that
 * is slow never holds up a shard. What does not fit into the queue is dropped and counted in
 * {@code convene.audit.dropped}: the log is the truth, the audit topic is a copy for other tools.
 */
public final class AuditPublisher implements AuditLog, SmartLifecycle {
    /** The output binding; its destination is the topic. */
    public static final String BINDING = "audit-out-0";

    /** Before the shards, whose facts it takes. */
    private static final int PHASE = 500;

    private static final int QUEUE_MAX = 10_000;
    private static final long POLL_MS = 200;
    private static final long STOP_MS = 2000;

    private static final Logger log = LoggerFactory.getLogger(AuditPublisher.class);

    private final StreamBridge bridge;
    private final BlockingQueue<AuditFact> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
    private final Counter published;
    private final Counter dropped;
    private volatile boolean running;
    private @Nullable Thread thread;

    public AuditPublisher(StreamBridge bridge, MeterRegistry meters) {
        this.bridge = bridge;
        this.published = meters.counter("convene.audit.published");
        this.dropped = meters.counter("convene.audit.dropped");
        Gauge.builder("convene.audit.queued", queue, BlockingQueue::size).register(meters);
    }

    @Override
    public void tell(AuditFact fact) {
        if (!running || !queue.offer(fact)) {
            dropped.increment();
        }
    }

    @Override
    public synchronized void start() {
        running = true;
        thread = Thread.ofVirtual().name("audit").start(this::run);
    }

    private void run() {
        try {
            while (running || !queue.isEmpty()) {
                AuditFact fact = queue.poll(POLL_MS, TimeUnit.MILLISECONDS);
                if (fact != null) {
                    publish(fact);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void publish(AuditFact fact) {
        try {
            if (bridge.send(BINDING, fact)) {
                published.increment();
                return;
            }
            log.debug("The audit binding did not take {}", fact);
        } catch (RuntimeException e) {
            log.warn("An audit fact could not be published: {}", e.getMessage());
        }
        dropped.increment();
    }

    /** Gives out what is queued, within two seconds. */
    @Override
    public synchronized void stop() {
        running = false;
        Thread publisher = thread;
        if (publisher == null) {
            return;
        }
        try {
            publisher.join(STOP_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        publisher.interrupt();
        thread = null;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
