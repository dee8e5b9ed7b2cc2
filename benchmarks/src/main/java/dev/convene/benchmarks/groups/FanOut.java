package dev.convene.benchmarks.groups;

import dev.convene.benchmarks.floor.RawLatency;
import dev.convene.benchmarks.report.Figure;
import dev.convene.benchmarks.report.Figure.Goal;
import dev.convene.benchmarks.report.Spread;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One sender, ten receivers, 256 bytes, at rates from easy to hard. */
final class FanOut implements Workload {
    private static final int RECEIVERS = 10;
    private static final int BODY_BYTES = 256;
    private static final List<Integer> RATES = List.of(200, 1000, 5000);
    /** The rate at which the added latency is held against its goal. */
    private static final int JUDGED_RATE = 1000;

    private static final double DIFFERENCE_MAX_MS = 1.5;

    @Override
    public String name() {
        return "fanout";
    }

    @Override
    public void run(Testbed bed) throws Exception {
        try (RawLatency raw = new RawLatency(bed.floor(), BODY_BYTES)) {
            if (bed.options().floorOnly()) {
                RATES.forEach(rate -> new LatencyPairs(bed, name()).run(rate, new RawLoad(raw), new RawLoad(raw)));
                return;
            }
            GroupLoad load = GroupLoad.fanOut(bed, "convene", "fan-out", RECEIVERS, BODY_BYTES);
            RATES.forEach(rate -> measure(bed, rate, new RawLoad(raw), load));
            load.close();
        }
    }

    private void measure(Testbed bed, int rate, RawLoad raw, GroupLoad load) {
        LatencyPairs pairs = new LatencyPairs(bed, name()).run(rate, raw, load);
        @Nullable Goal goal = rate == JUDGED_RATE ? Goal.atMost(DIFFERENCE_MAX_MS) : null;
        String at = String.format(Locale.ROOT, "%,d/s ", rate);
        bed.report().add(new Figure(name(), at + "raw p50", "ms", pairs.p50.baseline(), null));
        bed.report().add(new Figure(name(), at + "p50", "ms", pairs.p50.platform(), null));
        bed.report().add(new Figure(name(), at + "p50 difference", "ms", pairs.p50.differences(), goal));
        bed.report().add(new Figure(name(), at + "raw p99", "ms", pairs.p99.baseline(), null));
        bed.report().add(new Figure(name(), at + "p99", "ms", pairs.p99.platform(), null));
        bed.report().add(new Figure(name(), at + "not delivered", "", once(pairs.missing()), Goal.atMost(0)));
        bed.report()
                .add(new Figure(
                        name(), at + "stretches with a growing queue", "", once(pairs.growing()), Goal.atMost(0)));
        if (!load.trouble().isEmpty()) {
            bed.report().progress("%s: %s", name(), load.trouble());
        }
    }

    private static Spread once(int value) {
        return Spread.of(List.of((double) value));
    }
}
