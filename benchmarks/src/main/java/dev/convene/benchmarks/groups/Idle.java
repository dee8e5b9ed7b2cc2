package dev.convene.benchmarks.groups;

import dev.convene.benchmarks.load.LoadClient;
import dev.convene.benchmarks.load.LoadClients;
import dev.convene.benchmarks.process.LiveHeap;
import dev.convene.benchmarks.report.Figure;
import dev.convene.benchmarks.report.Figure.Goal;
import dev.convene.benchmarks.report.Spread;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a session that does nothing costs, in live heap of all processes of the platform together. */
final class Idle implements Workload {
    private static final int SESSIONS = 5000;
    private static final double KIB = 1024;
    private static final double EACH_MAX_KIB = 40;
    private static final int TOP_CLASSES = 12;

    @Override
    public String name() {
        return "idle";
    }

    @Override
    public void run(Testbed bed) {
        int sessions = bed.options().scaled(SESSIONS);
        // What the first session of all makes the processes load and keep is not theirs alone.
        LoadClients.closeAll(bed.clients().connect(bed.gatewayPort(), sessions / 10, false));
        List<Double> each = new ArrayList<>();
        for (int round = 1; round <= bed.options().pairs(); round++) {
            Map<String, Long> without = bed.liveHeaps();
            List<LoadClient> clients = bed.clients().connect(bed.gatewayPort(), sessions, false);
            Map<String, Long> with = bed.liveHeaps();
            if (round == 1) {
                bed.platformPids()
                        .forEach((name, pid) ->
                                bed.report().phase(name(), name, Map.of("topClasses", LiveHeap.top(pid, TOP_CLASSES))));
            }
            LoadClients.closeAll(clients);
            Map<String, Object> kib = new LinkedHashMap<>();
            double sum = 0;
            for (Map.Entry<String, Long> process : with.entrySet()) {
                double own = (process.getValue() - without.getOrDefault(process.getKey(), 0L)) / KIB / sessions;
                kib.put(process.getKey(), own);
                sum += own;
            }
            each.add(sum);
            bed.report().progress("%s round %d: %.1f KiB a session %s", name(), round, sum, kib);
            bed.report().phase(name(), "convene", Map.of("round", round, "sessions", sessions, "kibEach", kib));
        }
        bed.report()
                .add(new Figure(name(), "live heap of a session", "KiB", Spread.of(each), Goal.atMost(EACH_MAX_KIB)));
    }
}
