package dev.convene.benchmarks.groups;

import dev.convene.benchmarks.load.LoadClient;
import dev.convene.benchmarks.load.LoadClients;
import dev.convene.benchmarks.report.Figure;
import dev.convene.benchmarks.report.Figure.Goal;
import java.util.ArrayList;
import java.util.List;

/** A thousand groups of two members against one of them, at the same rate and with all sessions there in both cases. */
final class ManyGroups implements Workload {
    private static final int GROUPS = 1000;
    private static final int PER_SECOND = 2000;
    private static final int BODY_BYTES = 256;
    private static final String PREFIX = "couple-";
    private static final double RATIO_MAX = 2;

    @Override
    public String name() {
        return "manygroups";
    }

    @Override
    public void run(Testbed bed) {
        int groups = bed.options().scaled(GROUPS);
        bed.report().progress("%s: connecting %,d sessions", name(), 2 * groups);
        List<LoadClient> members = bed.clients().connect(bed.gatewayPort(), 2 * groups, false);
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            numbers.add(i);
        }
        LoadClients.forEach(numbers, i -> members.get(i).join(PREFIX + i / 2));
        GroupLoad one = GroupLoad.couples("one group", members, 1, PREFIX, BODY_BYTES);
        GroupLoad many = GroupLoad.couples("many", members, groups, PREFIX, BODY_BYTES);
        LatencyPairs pairs = new LatencyPairs(bed, name()).run(PER_SECOND, one, many);
        bed.report().add(new Figure(name(), "one group p99", "ms", pairs.p99.baseline(), null));
        bed.report().add(new Figure(name(), groups + " groups p99", "ms", pairs.p99.platform(), null));
        bed.report().add(new Figure(name(), "p99 ratio", "", pairs.p99.ratios(), Goal.atMost(RATIO_MAX)));
        if (!many.trouble().isEmpty()) {
            bed.report().progress("%s: %s", name(), many.trouble());
        }
        many.close();
    }
}
