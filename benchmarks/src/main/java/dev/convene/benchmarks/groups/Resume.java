package dev.convene.benchmarks.groups;

import dev.convene.benchmarks.load.Latencies;
import dev.convene.benchmarks.load.LoadClient;
import dev.convene.benchmarks.load.LoadClients;
import dev.convene.benchmarks.load.MulticastFrame;
import dev.convene.benchmarks.load.PushListener;
import dev.convene.benchmarks.load.Schedule;
import dev.convene.benchmarks.process.CpuTimes;
import dev.convene.benchmarks.report.Figure;
import dev.convene.benchmarks.report.Figure.Goal;
import dev.convene.benchmarks.report.Pairs;
import dev.convene.benchmarks.report.Spread;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Many sessions lose their connections, miss messages, and all come back at once, while others go on. The time counts from
 * opening the first connection to the last missed message at the last session.
 */
final class Resume implements Workload {
    private static final int SESSIONS = 1000;
    private static final int MISSED = 1000;
    private static final int BODY_BYTES = 256;
    private static final int SEND_PER_SECOND = 1000;
    private static final String GROUP = "resume";
    private static final double SECONDS_MAX = 5;
    private static final double RATIO_MAX = 2;

    private static final int OTHERS_PER_SECOND = 500;
    private static final Duration OTHERS_RUN = Duration.ofSeconds(5);
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    @Override
    public String name() {
        return "resume";
    }

    @Override
    public void run(Testbed bed) {
        int count = bed.options().scaled(SESSIONS);
        GroupLoad others = GroupLoad.fanOut(bed, "others", "resume-others", 1, BODY_BYTES);
        others.run(Schedule.of(OTHERS_PER_SECOND, bed.options().warmUp()));
        LoadClient sender = LoadClients.await(bed.clients().connect(bed.gatewayPort(), false));
        List<Double> seconds = new ArrayList<>();
        Pairs p99 = new Pairs();
        int lost = 0;
        for (int round = 1; round <= bed.options().pairs(); round++) {
            List<LoadClient> sessions = bed.clients().connect(bed.gatewayPort(), count, false);
            LoadClients.forEach(sessions, session -> session.join(GROUP));
            sessions.forEach(LoadClient::abort);
            send(sender);
            double quiet =
                    others.run(Schedule.of(OTHERS_PER_SECOND, OTHERS_RUN)).ms(99);
            CpuTimes cpu = bed.cpu();
            Storm storm = new Storm(bed, sessions);
            CompletableFuture<Latencies> meanwhile = others.start(Schedule.of(OTHERS_PER_SECOND, OTHERS_RUN));
            double took = storm.run();
            Map<String, Double> cores = cpu.cores();
            double busy = meanwhile.join().ms(99);
            seconds.add(took);
            p99.add(quiet, busy);
            lost += storm.trouble() == null ? 0 : 1;
            bed.report()
                    .progress(
                            "%s round %d: %.2f s, others' p99 %.2f ms before, %.2f ms meanwhile%s  cpu %s",
                            name(),
                            round,
                            took,
                            quiet,
                            busy,
                            storm.trouble() == null ? "" : "  " + storm.trouble(),
                            cores);
            bed.report()
                    .phase(
                            name(),
                            "convene",
                            Map.of(
                                    "round",
                                    round,
                                    "sessions",
                                    count,
                                    "missedEach",
                                    MISSED,
                                    "seconds",
                                    took,
                                    "othersQuietP99Ms",
                                    quiet,
                                    "othersMeanwhileP99Ms",
                                    busy,
                                    "cores",
                                    cores));
            LoadClients.closeAll(storm.resumed);
        }
        bed.report()
                .add(new Figure(
                        name(),
                        count + " sessions with " + MISSED + " missed each",
                        "s",
                        Spread.of(seconds),
                        Goal.atMost(SECONDS_MAX)));
        bed.report().add(new Figure(name(), "others' p99 ratio", "", p99.ratios(), Goal.atMost(RATIO_MAX)));
        bed.report()
                .add(new Figure(name(), "rounds with a loss", "", Spread.of(List.of((double) lost)), Goal.atMost(0)));
        LoadClients.closeAll(List.of(sender));
        others.close();
    }

    private static void send(LoadClient sender) {
        MulticastFrame frame = MulticastFrame.to(GROUP, BODY_BYTES, false);
        long accepted = sender.accepted();
        Schedule schedule = Schedule.of(SEND_PER_SECOND, Duration.ofSeconds(MISSED / SEND_PER_SECOND));
        schedule.run((index, due) -> sender.multicast(frame, due, index));
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (sender.accepted() < accepted + MISSED) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("messages are not accepted: " + sender.trouble());
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    /** All come back at once. */
    private static final class Storm {
        private final Testbed bed;
        private final List<LoadClient> before;
        private final List<LoadClient> resumed = new ArrayList<>();
        private final AtomicLong received = new AtomicLong();

        Storm(Testbed bed, List<LoadClient> before) {
            this.bed = bed;
            this.before = before;
        }

        /** Returns seconds. */
        double run() {
            PushListener counting = new PushListener() {
                @Override
                public void message(byte[] buffer, int at, int atLength, long dueNanos, long nowNanos) {
                    // One event loop writes.
                    received.lazySet(received.get() + 1);
                }
            };
            long startNanos = System.nanoTime();
            LoadClients.forEach(
                    before,
                    session -> bed.clients().open(bed.gatewayPort()).thenCompose(client -> {
                        synchronized (resumed) {
                            resumed.add(client);
                        }
                        client.listen(counting);
                        return client.resume(session);
                    }));
            long expected = (long) before.size() * MISSED;
            while (received.get() < expected && System.nanoTime() - startNanos < PATIENCE_NANOS) {
                LockSupport.parkNanos(LOOK_NANOS);
            }
            return (System.nanoTime() - startNanos) / 1e9;
        }

        /** What is wrong, or null. */
        @Nullable String trouble() {
            long expected = (long) before.size() * MISSED;
            return received.get() == expected ? null : received.get() + " of " + expected + " messages";
        }
    }
}
