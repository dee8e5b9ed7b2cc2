package dev.convene.benchmarks.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** What a JVM keeps alive, counted by its own histogram of classes after a full collection. */
public final class LiveHeap {

    private LiveHeap() {}

    /** Bytes of live objects. */
    public static long bytes(long pid) {
        return total(histogram(pid));
    }

    /** The classes that take most, a line each. */
    public static List<String> top(long pid, int lines) {
        return histogram(pid).stream().limit(lines + 2L).map(String::strip).toList();
    }

    private static long total(List<String> histogram) {
        for (String line : histogram.reversed()) {
            if (line.startsWith("Total")) {
                return Long.parseLong(line.split("\\s+")[2]);
            }
        }
        throw new IllegalStateException("jcmd gave no histogram: " + histogram);
    }

    private static List<String> histogram(long pid) {
        try {
            Process jcmd = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "jcmd")
                                    .toString(),
                            Long.toString(pid),
                            "GC.class_histogram")
                    .redirectErrorStream(true)
                    .start();
            String text = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return text.lines().skip(1).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
