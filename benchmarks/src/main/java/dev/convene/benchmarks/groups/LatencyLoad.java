package dev.convene.benchmarks.groups;

import dev.convene.benchmarks.load.Latencies;
import dev.convene.benchmarks.load.Schedule;

/** Something that sends by a schedule and measures what arrives. */
interface LatencyLoad {
    /** As it is named in the report. */
    String contender();

    /** How many copies of each message arrive. */
    int copies();

    /** Sends everything and returns when everything has arrived, or nothing more arrives. */
    Latencies run(Schedule schedule);
}
