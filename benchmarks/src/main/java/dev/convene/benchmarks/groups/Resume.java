package dev.convene.benchmarks.groups;

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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Many sessions lose their connections, miss messages, and all come back at once, while others, in a {@link Probe}, go on. The
 * time counts from opening the first connection to the last missed message at the last session. The first round, in which
 * much runs for the first time, is told apart from the later ones.
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
        LoadClient sender = LoadClients.await(bed.clients().connect(bed.gatewayPort(), false));
        try (Probe others = Probe.start(bed, "resume-others", BODY_BYTES)) {
            others.run(OTHERS_PER_SECOND, bed.options().warmUp());
            List<Round> rounds = new ArrayList<>();
            for (int number = 1; number <= bed.options().pairs(); number++) {
                rounds.add(round(bed, number, sender, others));
            }
            add(bed, "first time", rounds.subList(0, 1));
            if (rounds.size() > 1) {
                add(bed, "later", rounds.subList(1, rounds.size()));
            }
            double lost = rounds.stream().filter(Round::lost).count();
            bed.report().add(new Figure(name(), "rounds with a loss", "", Spread.of(List.of(lost)), Goal.atMost(0)));
        }
        LoadClients.closeAll(List.of(sender));
    }

    private record Round(double seconds, Probe.Stretch quiet, Probe.Stretch meanwhile, boolean lost) {}

    private Round round(Testbed bed, int number, LoadClient sender, Probe others) {
        int count = bed.options().scaled(SESSIONS);
        List<LoadClient> sessions = bed.clients().connect(bed.gatewayPort(), count, false);
        LoadClients.forEach(sessions, session -> session.join(GROUP));
        sessions.forEach(LoadClient::abort);
        send(sender);
        Probe.Stretch quiet = others.run(OTHERS_PER_SECOND, OTHERS_RUN);
        CpuTimes cpu = bed.cpu(others.process());
        Storm storm = new Storm(bed, sessions);
        CompletableFuture<Probe.Stretch> watched = others.start(OTHERS_PER_SECOND, OTHERS_RUN);
        double seconds = storm.run();
        Map<String, Double> cores = cpu.cores();
        Probe.Stretch meanwhile = watched.join();
        String trouble = storm.trouble();
        bed.report()
                .progress(
                        "%s round %d: %.2f s, others' p99 %.2f ms before, %.2f ms meanwhile%s  cpu %s",
                        name(),
                        number,
                        seconds,
                        quiet.p99Ms(),
                        meanwhile.p99Ms(),
                        trouble == null ? "" : "  " + trouble,
                        cores);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("round", number);
        facts.put("sessions", count);
        facts.put("missedEach", MISSED);
        facts.put("seconds", seconds);
        facts.put("othersQuiet", quiet);
        facts.put("othersMeanwhile", meanwhile);
        facts.put("cores", cores);
        bed.report().phase(name(), "convene", facts);
        LoadClients.closeAll(storm.resumed);
        boolean lost = trouble != null || quiet.missing() + meanwhile.missing() > 0;
        return new Round(seconds, quiet, meanwhile, lost);
    }

    private void add(Testbed bed, String when, List<Round> rounds) {
        Pairs p99 = new Pairs();
        rounds.forEach(round -> p99.add(round.quiet.p99Ms(), round.meanwhile.p99Ms()));
        Spread seconds = Spread.of(rounds.stream().map(Round::seconds).toList());
        bed.report().add(new Figure(name(), MISSED + " missed each, " + when, "s", seconds, Goal.atMost(SECONDS_MAX)));
        bed.report().add(new Figure(name(), "others' p99 ratio, " + when, "", p99.ratios(), Goal.atMost(RATIO_MAX)));
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
