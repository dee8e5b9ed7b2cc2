package dev.convene.benchmarks.groups;

import dev.convene.benchmarks.load.Latencies;
import dev.convene.benchmarks.load.LoadClient;
import dev.convene.benchmarks.load.LoadClients;
import dev.convene.benchmarks.load.Schedule;
import dev.convene.benchmarks.process.Platform;
import dev.convene.benchmarks.report.Figure;
import dev.convene.benchmarks.report.Figure.Goal;
import dev.convene.benchmarks.report.Spread;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The owner of all shards is killed (kill -9) while a standby runs. Connecting needs the owner of the sessions log: what
 * counts is from the kill to the first session that begins of those that asked after it. Messages need no owner: their
 * longest delay meanwhile is told as well.
 */
final class Takeover implements Workload {
    private static final int CONNECTS_PER_SECOND = 50;
    private static final int MESSAGES_PER_SECOND = 200;
    private static final int BODY_BYTES = 256;
    private static final Duration RUN = Duration.ofSeconds(8);
    /** Into the run: everything is steady by then. */
    private static final Duration KILL_AFTER = Duration.ofSeconds(2);

    private static final double SECONDS_MAX = 2;

    @Override
    public String name() {
        return "takeover";
    }

    @Override
    public void run(Testbed bed) throws Exception {
        GroupLoad messages = GroupLoad.fanOut(bed, "messages", "takeover", 1, BODY_BYTES);
        messages.run(Schedule.of(MESSAGES_PER_SECOND, bed.options().warmUp()));
        Platform platform = bed.platform();
        List<Double> seconds = new ArrayList<>();
        List<Double> longest = new ArrayList<>();
        int lost = 0;
        for (int round = 1; round <= bed.options().pairs(); round++) {
            platform.startService("group-service-" + (round + 1));
            Platform.Service owner = platform.owner();
            Connects connects = new Connects(bed);
            CompletableFuture<Latencies> meanwhile = messages.start(Schedule.of(MESSAGES_PER_SECOND, RUN));
            double took = connects.run(() -> platform.kill(owner));
            Latencies delivered = meanwhile.join();
            lost += (int) (MESSAGES_PER_SECOND * RUN.toSeconds() - delivered.received());
            seconds.add(took);
            longest.add(delivered.ms(100));
            bed.report()
                    .progress(
                            "%s round %d: %s killed, %.2f s to the next session, %d of %d connects failed, messages at most %.1f ms",
                            name(), round, owner.name(), took, connects.failed(), connects.asked(), delivered.ms(100));
            bed.report()
                    .phase(
                            name(),
                            "convene",
                            Map.of(
                                    "round",
                                    round,
                                    "seconds",
                                    took,
                                    "connectsFailed",
                                    connects.failed(),
                                    "messagesMaxMs",
                                    delivered.ms(100)));
        }
        bed.report()
                .add(new Figure(name(), "kill to the next session", "s", Spread.of(seconds), Goal.atMost(SECONDS_MAX)));
        bed.report().add(new Figure(name(), "longest delay of a message", "ms", Spread.of(longest), null));
        bed.report().add(new Figure(name(), "messages lost", "", Spread.of(List.of((double) lost)), Goal.atMost(0)));
        messages.close();
    }

    /** Sessions that begin at a steady rate, whatever becomes of the ones before. */
    private static final class Connects {
        private final Testbed bed;
        private final Collection<LoadClient> connected = new ConcurrentLinkedQueue<>();
        private final AtomicLong failed = new AtomicLong();
        private final AtomicLong firstNanos = new AtomicLong(Long.MAX_VALUE);
        private volatile long killedNanos = Long.MAX_VALUE;
        private final Schedule schedule = Schedule.of(CONNECTS_PER_SECOND, RUN);

        Connects(Testbed bed) {
            this.bed = bed;
        }

        /** Returns seconds from the kill to the first session of those that asked after it; infinite if there is none. */
        double run(Runnable kill) {
            Thread killer = Thread.ofPlatform().daemon().name("killer").start(() -> {
                new Schedule(schedule.startNanos() + KILL_AFTER.toNanos(), 1, 1).run((index, due) -> {
                    long now = System.nanoTime();
                    kill.run();
                    killedNanos = now;
                });
            });
            List<CompletableFuture<?>> outcomes = new ArrayList<>();
            schedule.run((index, due) -> {
                boolean after = due > killedNanos;
                outcomes.add(bed.clients().connect(bed.gatewayPort(), false).handle((client, failure) -> {
                    if (client == null) {
                        failed.incrementAndGet();
                    } else {
                        connected.add(client);
                        if (after) {
                            firstNanos.accumulateAndGet(System.nanoTime(), Math::min);
                        }
                    }
                    return null;
                }));
            });
            outcomes.forEach(CompletableFuture::join);
            joined(killer);
            LoadClients.closeAll(connected);
            long first = firstNanos.get();
            return first == Long.MAX_VALUE ? Double.POSITIVE_INFINITY : (first - killedNanos) / 1e9;
        }

        private static void joined(Thread thread) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        long failed() {
            return failed.get();
        }

        int asked() {
            return schedule.count();
        }
    }
}
