package dev.convene.gateway.adapter.log;

import dev.convene.gateway.core.GatewayCounters;
import dev.convene.gateway.core.LogGateway;
import dev.convene.protocol.ServiceLevel;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** Publishes what the core counts. Labels are bounded: levels and outcomes. */
public final class GatewayMetrics implements MeterBinder {
    private final LogGateway gateway;
    private final GatewayCounters counters;

    public GatewayMetrics(LogGateway gateway, GatewayCounters counters) {
        this.gateway = gateway;
        this.counters = counters;
    }

    @Override
    public void bindTo(MeterRegistry meters) {
        Gauge.builder("convene.sessions", gateway, LogGateway::sessionCount)
                .description("Sessions that this gateway serves")
                .register(meters);
        Gauge.builder("convene.queue.bytes", gateway, LogGateway::queuedBytes)
                .description("Bytes that wait for readers")
                .baseUnit("bytes")
                .register(meters);
        Gauge.builder("convene.read.ahead.bytes", gateway, LogGateway::readAheadBytes)
                .description("Bytes read for sessions that catch up, and not given to them yet")
                .baseUnit("bytes")
                .register(meters);
        Gauge.builder(
                        "convene.shards.halted",
                        gateway,
                        one -> one.haltedShards().size())
                .description("Shards of the group log that this gateway cannot apply")
                .register(meters);
        for (ServiceLevel level : ServiceLevel.values()) {
            FunctionCounter.builder("convene.messages", counters.messages(level.number()), LongAdder::sum)
                    .tag("service", level.wireName())
                    .description("Messages sent through this gateway")
                    .register(meters);
        }
        counter(meters, "convene.pushes", "Pushes put into queues", counters.pushes);
        dropped(meters, "reader", counters.unreliableDropped);
        dropped(meters, "log", counters.unreliableNotSent);
        counter(meters, "convene.held.back", "Times a stream waited for another domain", counters.heldBack);
        counter(meters, "convene.slow.readers", "Readers cut at their byte limit", counters.slowReaders);
        counter(meters, "convene.lives.lost", "Lives of this gateway declared lost", counters.livesLost);
        counter(
                meters,
                "convene.delivery.failures",
                "Faults that kept something from sessions, which were cut",
                counters.deliveryFailures);
        counter(meters, "convene.requests.out-of-step", "Requests that did not match the log", counters.outOfStep);
        counter(meters, "convene.resumes.ring", "Resumes served from memory", counters.resumesByRing);
        resumes(meters, "true", counters.resumesRecovered);
        resumes(meters, "false", counters.resumesNotRecovered);
        Timer latency = Timer.builder("convene.fanout.latency")
                .description("From a message's arrival at this gateway to its fan-out here")
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(1))
                .maximumExpectedValue(Duration.ofSeconds(5))
                .register(meters);
        counters.onFanOut(nanos -> latency.record(nanos, TimeUnit.NANOSECONDS));
    }

    private static void counter(MeterRegistry meters, String name, String description, LongAdder count) {
        FunctionCounter.builder(name, count, LongAdder::sum)
                .description(description)
                .register(meters);
    }

    private static void dropped(MeterRegistry meters, String where, LongAdder count) {
        FunctionCounter.builder("convene.unreliable.dropped", count, LongAdder::sum)
                .tag("where", where)
                .description("Unreliable messages dropped: the reader did not keep up, or the log could not take them")
                .register(meters);
    }

    private static void resumes(MeterRegistry meters, String recovered, LongAdder count) {
        FunctionCounter.builder("convene.resumes", count, LongAdder::sum)
                .tag("recovered", recovered)
                .description("Sessions taken up again")
                .register(meters);
    }
}
