package dev.convene.benchmarks.webstack;

import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.DoubleStream;

/**
 * Runs every stack once per round, in turn, so that what else the machine does hits all of them. Arguments: rounds
 * (5), deliveries of a run (1,000,000).
 */
public final class WebStackBenchmark {
    private static final List<String> STACKS = List.of("netty", "webflux", "tomcat");
    private static final int[] RECEIVERS = {10, 200};

    private WebStackBenchmark() {}

    private record Run(double perSecond, double cpuSeconds) {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 2 && arguments[0].equals("serve")) {
            serve(arguments[1]);
            return;
        }
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
        int deliveries = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1_000_000;
        Map<String, List<Run>> runs = new TreeMap<>();
        for (int round = 0; round < rounds; round++) {
            for (int receivers : RECEIVERS) {
                for (String stack : STACKS) {
                    runs.computeIfAbsent(String.format("%3d %s", receivers, stack), _ -> new ArrayList<>())
                            .add(measure(stack, receivers, deliveries));
                }
            }
        }
        report(runs, System.out);
    }

    private static Run measure(String stack, int receivers, int deliveries) throws IOException, InterruptedException {
        Process server = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx512m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Dlogging.level.root=warn",
                        "-Dspring.main.banner-mode=off",
                        WebStackBenchmark.class.getName(),
                        "serve",
                        stack)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader in = server.inputReader();
                PrintWriter out = new PrintWriter(server.outputWriter(), true)) {
            Receivers clients = new Receivers(Integer.parseInt(answer(in)), receivers);
            int messages = deliveries / receivers;
            // The first one warms the compiler up.
            double cpu = 0;
            long nanos = 0;
            for (int part = 0; part < 2; part++) {
                out.println(receivers + " " + messages);
                answer(in);
                long start = System.nanoTime();
                out.println("go");
                clients.await(messages);
                nanos = System.nanoTime() - start;
                out.println("done");
                cpu = Double.parseDouble(answer(in));
            }
            double perSecond = (double) messages * receivers / (nanos / 1e9);
            return new Run(perSecond, cpu / (messages * (double) receivers) * 100_000);
        } finally {
            server.destroyForcibly();
            server.waitFor();
        }
    }

    private static String answer(BufferedReader in) throws IOException {
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.startsWith("> ")) {
                return line.substring(2);
            }
        }
        throw new IOException("the server ended");
    }

    private static void serve(String stack) throws Exception {
        PrintStream out = System.out;
        FanOut fanOut = FanOut.start(stack);
        out.println("> " + fanOut.port());
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ");
            while (fanOut.receivers() < Integer.parseInt(words[0])) {
                Thread.onSpinWait();
            }
            out.println("> ready");
            in.readLine();
            long before = system.getProcessCpuTime();
            fanOut.publish(Integer.parseInt(words[1]));
            in.readLine();
            out.println("> " + (system.getProcessCpuTime() - before) / 1e9);
        }
    }

    private static void report(Map<String, List<Run>> runs, PrintStream out) {
        runs.forEach((name, each) -> out.printf(
                Locale.ROOT,
                "%-12s deliveries/s %,9.0f (%,.0f to %,.0f)   cpu s/100,000 %.3f (%.3f to %.3f)%n",
                name,
                median(each.stream().mapToDouble(Run::perSecond)),
                each.stream().mapToDouble(Run::perSecond).min().orElse(0),
                each.stream().mapToDouble(Run::perSecond).max().orElse(0),
                median(each.stream().mapToDouble(Run::cpuSeconds)),
                each.stream().mapToDouble(Run::cpuSeconds).min().orElse(0),
                each.stream().mapToDouble(Run::cpuSeconds).max().orElse(0)));
    }

    private static double median(DoubleStream values) {
        double[] sorted = values.sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
