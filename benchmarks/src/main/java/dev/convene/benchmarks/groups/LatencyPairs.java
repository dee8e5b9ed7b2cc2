package dev.convene.benchmarks.groups;

import dev.convene.benchmarks.load.Latencies;
import dev.convene.benchmarks.load.Schedule;
import dev.convene.benchmarks.process.CpuTimes;
import dev.convene.benchmarks.report.Pairs;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Lets two loads alternate at one rate, each pair beginning with the other one, and keeps their percentiles. If a load has
 * lost messages or its queue has grown in any stretch, that is kept too.
 */
final class LatencyPairs {
    final Pairs p50 = new Pairs();
    final Pairs p99 = new Pairs();

    private final Testbed bed;
    private final String workload;
    private int missing;
    private int growing;

    LatencyPairs(Testbed bed, String workload) {
        this.bed = bed;
        this.workload = workload;
    }

    /** Messages of the second load that did not arrive, over all stretches. */
    int missing() {
        return missing;
    }

    /** Stretches of the second load at whose end messages waited longer than at their beginning. */
    int growing() {
        return growing;
    }

    LatencyPairs run(int perSecond, LatencyLoad baseline, LatencyLoad platform) {
        Duration duration = bed.options().latencyRun();
        bed.report().progress("%s: warming up at %,d/s", workload, perSecond);
        baseline.run(Schedule.of(perSecond, bed.options().warmUp()));
        if (!bed.options().floorOnly()) {
            platform.run(Schedule.of(perSecond, bed.options().warmUp()));
        }
        for (int pair = 1; pair <= bed.options().pairs(); pair++) {
            boolean baselineFirst = pair % 2 == 1;
            Latencies first = stretch(pair, perSecond, duration, baselineFirst ? baseline : platform);
            Latencies second = stretch(pair, perSecond, duration, baselineFirst ? platform : baseline);
            Latencies floor = baselineFirst ? first : second;
            Latencies ours = baselineFirst ? second : first;
            p50.add(floor.ms(50), ours.ms(50));
            p99.add(floor.ms(99), ours.ms(99));
        }
        return this;
    }

    private Latencies stretch(int pair, int perSecond, Duration duration, LatencyLoad load) {
        if (bed.options().floorOnly() && !(load instanceof RawLoad)) {
            return new Latencies(new Schedule(0, 1, 0));
        }
        CpuTimes cpu = bed.cpu();
        Schedule schedule = Schedule.of(perSecond, duration);
        Latencies latencies = load.run(schedule);
        Map<String, Double> cores = cpu.cores();
        long expected = (long) schedule.count() * load.copies();
        if (!(load instanceof RawLoad)) {
            missing += Math.toIntExact(expected - latencies.received());
            growing += latencies.isGrowing() ? 1 : 0;
        }
        bed.report()
                .progress(
                        "%s %,d/s pair %d %-10s p50 %7.2f  p99 %7.2f  max %7.1f ms  %,d of %,d  cpu %s",
                        workload,
                        perSecond,
                        pair,
                        load.contender(),
                        latencies.ms(50),
                        latencies.ms(99),
                        latencies.ms(100),
                        latencies.received(),
                        expected,
                        cores);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("pair", pair);
        facts.put("perSecond", perSecond);
        facts.put("p50Ms", latencies.ms(50));
        facts.put("p90Ms", latencies.ms(90));
        facts.put("p99Ms", latencies.ms(99));
        facts.put("p999Ms", latencies.ms(99.9));
        facts.put("maxMs", latencies.ms(100));
        facts.put("expected", expected);
        facts.put("received", latencies.received());
        facts.put("growing", latencies.isGrowing());
        facts.put("cores", cores);
        bed.report().phase(workload, load.contender(), facts);
        return latencies;
    }
}
