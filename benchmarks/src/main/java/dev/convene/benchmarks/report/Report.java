package dev.convene.benchmarks.report;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Collects what a run gives: a table for people at the end, JSON with every phase for machines. */
public final class Report {
    private static final String ROW = "%-14s %-46s %-30s %-6s %s%n";

    private final PrintStream out;
    private final Map<String, Object> surroundings;
    private final List<Figure> figures = new ArrayList<>();
    private final List<Map<String, Object>> phases = new ArrayList<>();
    private final Map<String, String> failures = new LinkedHashMap<>();
    private final long startNanos = System.nanoTime();

    /** @param surroundings what has to be known to judge the figures: machine, settings */
    public Report(PrintStream out, Map<String, Object> surroundings) {
        this.out = out;
        this.surroundings = surroundings;
    }

    /** Tells a person what is going on. */
    public void progress(String format, Object... arguments) {
        long seconds = (System.nanoTime() - startNanos) / 1_000_000_000;
        out.printf(Locale.ROOT, "%3d:%02d  ", seconds / 60, seconds % 60);
        out.printf(Locale.ROOT, format + "%n", arguments);
    }

    /** Keeps everything about one stretch of load. */
    public void phase(String workload, String contender, Map<String, ?> facts) {
        Map<String, Object> phase = new LinkedHashMap<>();
        phase.put("workload", workload);
        phase.put("contender", contender);
        phase.putAll(facts);
        phases.add(phase);
    }

    public void add(Figure figure) {
        figures.add(figure);
        progress(
                "%s: %s %s %s  %s",
                figure.workload(), figure.name(), figure.spread().text(), figure.unit(), figure.verdict());
    }

    /** A workload could not be run to its end. */
    public void failed(String workload, Exception cause) {
        failures.put(workload, String.valueOf(cause));
        progress("%s FAILED: %s", workload, cause);
        cause.printStackTrace(out);
    }

    /** Whether every workload ran to its end and every goal was reached. */
    public boolean reached() {
        return failures.isEmpty() && figures.stream().allMatch(Figure::reached);
    }

    public void printTable() {
        out.println();
        out.printf(Locale.ROOT, ROW, "workload", "figure", "median (range)", "unit", "goal");
        for (Figure figure : figures) {
            out.printf(
                    Locale.ROOT,
                    ROW,
                    figure.workload(),
                    figure.name(),
                    figure.spread().text(),
                    figure.unit(),
                    figure.verdict());
        }
        failures.forEach((workload, cause) -> out.printf(Locale.ROOT, "%-14s FAILED: %s%n", workload, cause));
    }

    /** Writes everything to a file. */
    public void write(Path file) {
        Map<String, Object> all = new LinkedHashMap<>(surroundings);
        all.put("figures", figures);
        all.put("failures", failures);
        all.put("phases", phases);
        JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build().writeValue(file.toFile(), all);
    }
}
