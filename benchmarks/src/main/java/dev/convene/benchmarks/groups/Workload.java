package dev.convene.benchmarks.groups;

/** One of the things that are measured. */
interface Workload {
    /** As it is named on the command line and in the report. */
    String name();

    /** Measures and adds to the report of the testbed. */
    void run(Testbed bed) throws Exception;
}
