package dev.convene.benchmarks.groups;

import dev.convene.benchmarks.floor.RawSaturation;
import dev.convene.benchmarks.process.CpuTimes;
import dev.convene.benchmarks.report.Figure;
import dev.convene.benchmarks.report.Figure.Goal;
import dev.convene.benchmarks.report.Pairs;
import dev.convene.benchmarks.report.Spread;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Four sessions, all to all, as fast as a window of 200 each lets them. */
final class Saturation implements Workload {
    private static final int SESSIONS = 4;
    private static final int WINDOW = 200;
    private static final List<Integer> BODY_BYTES = List.of(256, 1024);
    private static final double RATIO_MIN = 0.5;

    @Override
    public String name() {
        return "saturation";
    }

    @Override
    public void run(Testbed bed) {
        for (int bytes : BODY_BYTES) {
            measure(bed, bytes);
        }
    }

    private void measure(Testbed bed, int bytes) {
        Duration duration = bed.options().saturationRun();
        try (RawSaturation raw = new RawSaturation(bed.floor(), SESSIONS, bytes, WINDOW)) {
            bed.report().progress("%s %d bytes: warming up", name(), bytes);
            raw.run(bed.options().warmUp());
            bed.floor().deleteRecords();
            if (bed.options().floorOnly()) {
                for (int pair = 1; pair <= bed.options().pairs(); pair++) {
                    raw(bed, raw, pair, bytes, duration);
                }
                return;
            }
            GroupSaturation groups = new GroupSaturation(bed, "saturation-" + bytes, SESSIONS, bytes, WINDOW);
            groups.run(bed.options().warmUp());
            Pairs pairs = new Pairs();
            int broken = 0;
            for (int pair = 1; pair <= bed.options().pairs(); pair++) {
                double floor = pair % 2 == 1 ? raw(bed, raw, pair, bytes, duration) : 0;
                GroupSaturation.Result ours = platform(bed, groups, pair, bytes, duration);
                if (pair % 2 == 0) {
                    floor = raw(bed, raw, pair, bytes, duration);
                }
                pairs.add(floor, ours.perSecond());
                broken += ours.complete() && ours.oneOrder() && ours.cut() == 0 ? 0 : 1;
            }
            String size = bytes + " bytes ";
            bed.report().add(new Figure(name(), size + "raw", "1/s", pairs.baseline(), null));
            bed.report().add(new Figure(name(), size + "convene", "1/s", pairs.platform(), null));
            bed.report().add(new Figure(name(), size + "ratio", "", pairs.ratios(), Goal.atLeast(RATIO_MIN)));
            bed.report()
                    .add(new Figure(
                            name(),
                            size + "runs with a cut, a loss or two orders",
                            "",
                            Spread.of(List.of((double) broken)),
                            Goal.atMost(0)));
            if (!groups.trouble().isEmpty()) {
                bed.report().progress("%s: %s", name(), groups.trouble());
            }
            groups.close();
        }
    }

    private double raw(Testbed bed, RawSaturation raw, int pair, int bytes, Duration duration) {
        CpuTimes cpu = bed.cpu();
        double rate = raw.run(duration);
        Map<String, Double> cores = cpu.cores();
        bed.floor().deleteRecords();
        bed.report().progress("%s %d bytes pair %d raw kafka %,.0f/s  cpu %s", name(), bytes, pair, rate, cores);
        bed.report()
                .phase(name(), "raw kafka", Map.of("pair", pair, "bytes", bytes, "perSecond", rate, "cores", cores));
        return rate;
    }

    private GroupSaturation.Result platform(
            Testbed bed, GroupSaturation groups, int pair, int bytes, Duration duration) {
        CpuTimes cpu = bed.cpu();
        GroupSaturation.Result result = groups.run(duration);
        Map<String, Double> cores = cpu.cores();
        bed.report()
                .progress(
                        "%s %d bytes pair %d convene   %,.0f/s  complete %s  one order %s  cut %d  refused %d  cpu %s",
                        name(),
                        bytes,
                        pair,
                        result.perSecond(),
                        result.complete(),
                        result.oneOrder(),
                        result.cut(),
                        result.refused(),
                        cores);
        bed.report()
                .phase(
                        name(),
                        "convene",
                        Map.of(
                                "pair", pair,
                                "bytes", bytes,
                                "perSecond", result.perSecond(),
                                "complete", result.complete(),
                                "oneOrder", result.oneOrder(),
                                "cut", result.cut(),
                                "refused", result.refused(),
                                "cores", cores));
        return result;
    }
}
