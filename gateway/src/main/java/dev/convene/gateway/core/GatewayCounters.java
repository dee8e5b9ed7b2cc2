package dev.convene.gateway.core;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;

/** What the gateway counts, for whoever publishes it. Thread-safe. */
public final class GatewayCounters {
    /** Unreliable messages dropped because a reader did not keep up. */
    public final LongAdder unreliableDropped = new LongAdder();
    /** Unreliable messages dropped because the log could not take them at once. */
    public final LongAdder unreliableNotSent = new LongAdder();
    /** Times that a session's stream had to wait for another domain. */
    public final LongAdder heldBack = new LongAdder();
    /** Sessions cut because more waited for them than may. */
    public final LongAdder slowReaders = new LongAdder();
    /** Resumed sessions that got everything. */
    public final LongAdder resumesRecovered = new LongAdder();
    /** Resumed sessions that were told to begin anew. */
    public final LongAdder resumesNotRecovered = new LongAdder();
    /** Resumes served by the ring of recent pushes. */
    public final LongAdder resumesByRing = new LongAdder();
    /** Lives of this gateway that were declared lost. */
    public final LongAdder livesLost = new LongAdder();
    /** Times that somebody's requests did not match the log's numbers. */
    public final LongAdder outOfStep = new LongAdder();
    /** Times that a fault kept something from those to whom it was due, who were cut. */
    public final LongAdder deliveryFailures = new LongAdder();

    private final CountersByTenant tenants = new CountersByTenant();
    private volatile LongConsumer latency = nanos -> {};

    /** What is counted tenant by tenant. */
    public CountersByTenant tenants() {
        return tenants;
    }

    /** Takes the time from a message's arrival here to its fan-out here, in nanoseconds. */
    public void onFanOut(LongConsumer recorder) {
        latency = recorder;
    }

    /** A message that came in here was fanned out here. */
    public void fannedOut(long nanos) {
        latency.accept(nanos);
    }
}
