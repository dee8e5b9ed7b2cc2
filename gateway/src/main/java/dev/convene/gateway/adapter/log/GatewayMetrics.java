package dev.convene.gateway.adapter.log;

import dev.convene.gateway.core.CountersByTenant;
import dev.convene.gateway.core.GatewayCounters;
import dev.convene.gateway.core.LogGateway;
import dev.convene.gateway.core.TenantCounters;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.Tenants;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** Publishes what the core counts. Labels are bounded: levels, outcomes and the tenants of {@link CountersByTenant}. */
public final class GatewayMetrics implements MeterBinder {
    private final LogGateway gateway;
    private final GatewayCounters counters;

    public GatewayMetrics(LogGateway gateway, GatewayCounters counters) {
        this.gateway = gateway;
        this.counters = counters;
    }

    @Override
    public void bindTo(MeterRegistry meters) {
        // There from the start, for dashboards.
        counters.tenants().of(Tenants.DEFAULT);
        counters.tenants().onTenant((tenant, counted) -> tenant(meters, Tags.of("tenant", tenant), counted));
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

    private static void tenant(MeterRegistry meters, Tags tenant, TenantCounters counted) {
        Gauge.builder("convene.sessions", counted.sessions, LongAdder::sum)
                .tags(tenant)
                .description("Sessions that this gateway serves")
                .register(meters);
        for (ServiceLevel level : ServiceLevel.values()) {
            counter(
                    meters,
                    "convene.messages",
                    tenant.and("service", level.wireName()),
                    "Messages sent through this gateway",
                    counted.messages(level));
        }
        counter(meters, "convene.messages.bytes", tenant, "Bytes of the bodies of those", counted.messageBytes);
        counter(meters, "convene.pushes", tenant, "Pushes put into queues", counted.pushes);
        counter(meters, "convene.pushes.bytes", tenant, "About how many bytes those take", counted.pushBytes);
    }

    private static void counter(MeterRegistry meters, String name, String description, LongAdder count) {
        counter(meters, name, Tags.empty(), description, count);
    }

    private static void counter(MeterRegistry meters, String name, Tags tags, String description, LongAdder count) {
        FunctionCounter.builder(name, count, LongAdder::sum)
                .tags(tags)
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
