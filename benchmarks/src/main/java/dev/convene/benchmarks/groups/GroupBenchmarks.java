package dev.convene.benchmarks.groups;

import dev.convene.benchmarks.report.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code benchmarks/run groups}: see the usage below and docs/benchmarks.md. */
public final class GroupBenchmarks {
    private static final String USAGE = """
            Usage: benchmarks/run groups [OPTIONS]

              --short         a smoke run of one to two minutes: nothing in it is worth quoting
              --only NAMES    only these workloads, separated by commas: %s
              --pairs N       how often floor and platform alternate (default 5)
              --seconds N     how long each stretch of load lasts (default 15, at full speed 30)
              --floor-only    plain Kafka alone (fanout and saturation), to know the machine
            """;

    /** Idle sessions first: what earlier ones leave for some minutes would count against them. */
    private static final List<Workload> WORKLOADS = List.of(
            new Idle(), new FanOut(), new Saturation(), new ManyGroups(), new Join(), new Resume(), new Takeover());

    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    private GroupBenchmarks() {}

    /** Exits with 0 if every goal was reached, 1 if not, 2 if the options make no sense. */
    public static void main(String[] arguments) throws Exception {
        Set<String> known = new LinkedHashSet<>();
        WORKLOADS.forEach(workload -> known.add(workload.name()));
        if (List.of(arguments).contains("--help")) {
            System.out.printf(USAGE, String.join(",", known));
            return;
        }
        Options options;
        try {
            options = Options.parse(arguments, known);
        } catch (Options.UsageException e) {
            System.err.println(e.getMessage());
            System.err.printf(USAGE, String.join(",", known));
            System.exit(2);
            return;
        }
        // Threads of Kafka's and Netty's may linger.
        System.exit(run(options) ? 0 : 1);
    }

    private static boolean run(Options options) throws Exception {
        Path runs = options.root().resolve("benchmarks/target/groups");
        Path directory = runs.resolve(NAME.format(Instant.now()));
        Files.createDirectories(directory);
        BrokerData.deleteLeftOvers(runs);
        Report report = new Report(System.out, surroundings(options));
        Path file = directory.resolve("report.json");
        try (Testbed bed = new Testbed(options, report, directory)) {
            for (Workload workload : WORKLOADS) {
                if (options.only().contains(workload.name()) && (!options.floorOnly() || hasFloor(workload))) {
                    runOne(workload, bed);
                    report.write(file);
                }
            }
        }
        report.printTable();
        report.write(file);
        System.out.println();
        System.out.println("JSON: " + options.root().relativize(file) + " (what the processes printed is beside it)");
        return report.reached();
    }

    private static boolean hasFloor(Workload workload) {
        return workload instanceof FanOut || workload instanceof Saturation;
    }

    private static void runOne(Workload workload, Testbed bed) {
        try {
            workload.run(bed);
        } catch (Exception e) {
            bed.report().failed(workload.name(), e);
        }
    }

    private static Map<String, Object> surroundings(Options options) throws IOException {
        Map<String, Object> surroundings = new LinkedHashMap<>();
        surroundings.put("time", Instant.now().toString());
        surroundings.put("short", options.isShort());
        surroundings.put("pairs", options.pairs());
        surroundings.put("latencyRunSeconds", options.latencyRun().toSeconds());
        surroundings.put("saturationRunSeconds", options.saturationRun().toSeconds());
        surroundings.put("processors", Runtime.getRuntime().availableProcessors());
        surroundings.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        surroundings.put("java", System.getProperty("java.vm.version"));
        Path load = Path.of("/proc/loadavg");
        surroundings.put(
                "loadBefore", Files.exists(load) ? Files.readString(load).strip() : "");
        return surroundings;
    }
}
