package dev.convene.benchmarks.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** Processor time of some processes between two moments, from {@code /proc}: a share of one core, 1.0 is a whole one. */
public final class CpuTimes {
    private static final double TICKS_PER_S = 100;
    /** Fields of {@code /proc/PID/stat} after the name, which is in brackets. */
    private static final int USER_FIELD = 11;

    private static final int SYSTEM_FIELD = 12;

    private final Map<String, Long> pids;
    private static final int[] BUSY_FIELDS = {1, 2, 3, 6, 7};

    private static final String OTHERS = "others";

    private final Map<String, Double> startSeconds = new LinkedHashMap<>();
    private final long startNanos = System.nanoTime();

    private CpuTimes(Map<String, Long> pids) {
        this.pids = pids;
        pids.forEach((name, pid) -> startSeconds.put(name, seconds(pid)));
        startSeconds.put(OTHERS, allSeconds());
    }

    /** Begins to count for these processes, by name. */
    public static CpuTimes start(Map<String, Long> pids) {
        return new CpuTimes(pids);
    }

    /** Cores used since the start, by name; {@code others} is what all other processes of the machine took. */
    public Map<String, Double> cores() {
        double elapsed = (System.nanoTime() - startNanos) / 1e9;
        Map<String, Double> cores = new LinkedHashMap<>();
        double ours = 0;
        for (Map.Entry<String, Long> process : pids.entrySet()) {
            double used = seconds(process.getValue()) - startSeconds.getOrDefault(process.getKey(), 0.0);
            ours += used;
            cores.put(process.getKey(), rounded(used / elapsed));
        }
        double others = allSeconds() - startSeconds.getOrDefault(OTHERS, 0.0) - ours;
        cores.put(OTHERS, rounded(Math.max(0, others) / elapsed));
        return cores;
    }

    private static double rounded(double value) {
        return Math.round(100 * value) / 100.0;
    }

    /** Processor time of everything on the machine: user, nice, system, interrupts. */
    private static double allSeconds() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/stat"))) {
            String[] fields = lines.findFirst().orElse("").split("\\s+");
            double ticks = 0;
            for (int field : BUSY_FIELDS) {
                ticks += Long.parseLong(fields[field]);
            }
            return ticks / TICKS_PER_S;
        } catch (IOException _) {
            return Double.NaN;
        }
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
