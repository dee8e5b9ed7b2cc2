package dev.convene.benchmarks.groups;

import dev.convene.benchmarks.floor.RawLatency;
import dev.convene.benchmarks.report.Figure;
import dev.convene.benchmarks.report.Figure.Goal;

/** From the request to join to the view at another member. */
final class Join implements Workload {
    private static final int PER_SECOND = 50;
    private static final int BODY_BYTES = 256;
    private static final double MEDIAN_MAX_MS = 10;

    @Override
    public String name() {
        return "join";
    }

    @Override
    public void run(Testbed bed) {
        try (RawLatency raw = new RawLatency(bed.floor(), BODY_BYTES)) {
            JoinLoad load = new JoinLoad(bed);
            LatencyPairs pairs = new LatencyPairs(bed, name()).run(PER_SECOND, new RawLoad(raw), load);
            bed.report().add(new Figure(name(), "raw p50", "ms", pairs.p50.baseline(), null));
            bed.report()
                    .add(new Figure(
                            name(), "join to view p50", "ms", pairs.p50.platform(), Goal.atMost(MEDIAN_MAX_MS)));
            bed.report().add(new Figure(name(), "join to view p99", "ms", pairs.p99.platform(), null));
            load.close();
        }
    }
}
