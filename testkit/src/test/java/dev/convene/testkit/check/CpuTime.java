package dev.convene.testkit.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import org.junit.jupiter.api.function.Executable;

/** Bounds the work of a test by the processor time of its own thread, which does not grow when the machine is busy. */
public final class CpuTime {

    private CpuTime() {}

    /** Runs it on this thread and requires that it took no more processor time than this. */
    public static void requireWithin(Duration limit, Executable work) throws Throwable {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadCpuTime();
        work.execute();
        assertThat(Duration.ofNanos(threads.getCurrentThreadCpuTime() - before))
                .as("processor time")
                .isLessThan(limit);
    }
}
