package dev.convene.runtime.host.log;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records that a handler could not take by a fault of its own: the reading goes on after them, and this says so. Metric
 * {@code convene.handler.failures}. Thread-safe.
 */
public final class HandlerFailures {
    private static final Logger log = LoggerFactory.getLogger(HandlerFailures.class);

    /** A failure is shown by health for so long, milliseconds. */
    private static final long SHOWN_MS = TimeUnit.MINUTES.toMillis(5);

    private record Known(Counter counter, AtomicLong lastMs) {}

    private final MeterRegistry meters;
    private final Clocks clocks;
    private final Map<String, Known> handlers = new ConcurrentSkipListMap<>();

    /** Nothing has failed yet. */
    public HandlerFailures(MeterRegistry meters, Clocks clocks) {
        this.meters = meters;
        this.clocks = clocks;
    }

    /**
     * A handler has failed and goes on.
     *
     * @param handler which: {@code answers}, {@code beats}, {@code manifests}
     * @param consequence what that means, for people
     */
    public void failed(String handler, String consequence, Throwable failure) {
        Known known = handlers.computeIfAbsent(
                handler,
                name -> new Known(
                        Counter.builder("convene.handler.failures")
                                .tag("handler", name)
                                .description("Records that a handler could not take by a fault of its own")
                                .register(meters),
                        new AtomicLong()));
        known.counter.increment();
        known.lastMs.set(clocks.monotonicMs());
        log.error("A record of {} could not be taken: {}", handler, consequence, failure);
    }

    /** Handlers that failed lately, with how often since the start; empty if all is well. */
    public Map<String, Long> recent() {
        long nowMs = clocks.monotonicMs();
        Map<String, Long> recent = new java.util.TreeMap<>();
        handlers.forEach((handler, known) -> {
            if (nowMs - known.lastMs.get() <= SHOWN_MS) {
                recent.put(handler, (long) known.counter.count());
            }
        });
        return recent;
    }
}
