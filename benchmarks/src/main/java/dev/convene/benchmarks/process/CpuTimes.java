package dev.convene.benchmarks.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Processor time of some processes between two moments, from {@code /proc}: a share of one core, 1.0 is a whole one. */
public final class CpuTimes {
    private static final double TICKS_PER_S = 100;
    /** Fields of {@code /proc/PID/stat} after the name, which is in brackets. */
    private static final int USER_FIELD = 11;

    private static final int SYSTEM_FIELD = 12;

    private final Map<String, Long> pids;
    private final Map<String, Double> startSeconds = new LinkedHashMap<>();
    private final long startNanos = System.nanoTime();

    private CpuTimes(Map<String, Long> pids) {
        this.pids = pids;
        pids.forEach((name, pid) -> startSeconds.put(name, seconds(pid)));
    }

    /** Begins to count for these processes, by name. */
    public static CpuTimes start(Map<String, Long> pids) {
        return new CpuTimes(pids);
    }

    /** Cores used since the start, by name. */
    public Map<String, Double> cores() {
        double elapsed = (System.nanoTime() - startNanos) / 1e9;
        Map<String, Double> cores = new LinkedHashMap<>();
        pids.forEach((name, pid) -> {
            double used = seconds(pid) - startSeconds.getOrDefault(name, 0.0);
            cores.put(name, Math.round(1000 * used / elapsed) / 1000.0);
        });
        return cores;
    }

    private static double seconds(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return (Long.parseLong(fields[USER_FIELD]) + Long.parseLong(fields[SYSTEM_FIELD])) / TICKS_PER_S;
        } catch (IOException _) {
            // No /proc on this system, or the process has ended.
            return Double.NaN;
        }
    }
}
