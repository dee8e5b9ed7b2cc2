package dev.convene.benchmarks.groups;

import dev.convene.benchmarks.floor.RawLatency;
import dev.convene.benchmarks.load.Latencies;
import dev.convene.benchmarks.load.Schedule;

/** Plain Kafka as one side of the pairs. */
record RawLoad(RawLatency raw) implements LatencyLoad {
    @Override
    public String contender() {
        return "raw kafka";
    }

    @Override
    public int copies() {
        return 1;
    }

    @Override
    public Latencies run(Schedule schedule) {
        return raw.run(schedule);
    }
}
