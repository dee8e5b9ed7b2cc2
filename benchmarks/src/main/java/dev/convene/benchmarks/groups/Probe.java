package dev.convene.benchmarks.groups;

import dev.convene.benchmarks.process.JavaProcess;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.json.JsonMapper;

/** A sender and a receiver in a process of their own, see {@link ProbeMain}. */
final class Probe implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    /**
     * What one stretch of messages met.
     *
     * @param p50Ms the median
     * @param p99Ms the 99th percentile
     * @param maxMs the longest
     * @param missing messages that did not arrive
     * @param worstMs by tenth of a second the longest of what was due in it
     */
    record Stretch(double p50Ms, double p99Ms, double maxMs, long missing, List<Double> worstMs) {}

    private final JavaProcess process;

    private Probe(JavaProcess process) {
        this.process = process;
    }

    /** Starts it; it joins the group as soon as it runs. */
    static Probe start(Testbed bed, String group, int bodyBytes) {
        return new Probe(JavaProcess.startTalking(
                "probe",
                bed.directory(),
                System.getProperty("java.class.path"),
                List.of("-Xmx256m", "-XX:+UseSerialGC"),
                ProbeMain.class.getName(),
                List.of(Integer.toString(bed.gatewayPort()), group, Integer.toString(bodyBytes))));
    }

    /** The process. */
    JavaProcess process() {
        return process;
    }

    /** Sends at this rate and waits until everything has arrived. */
    Stretch run(int perSecond, Duration duration) {
        return JSON.readValue(process.ask(perSecond + " " + duration.toMillis()), Stretch.class);
    }

    /** The same on a thread of its own. */
    CompletableFuture<Stretch> start(int perSecond, Duration duration) {
        CompletableFuture<Stretch> result = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("probe").start(() -> {
            try {
                result.complete(run(perSecond, duration));
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    @Override
    public void close() {
        process.close();
    }
}
