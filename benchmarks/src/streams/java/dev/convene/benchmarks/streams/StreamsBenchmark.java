package dev.convene.benchmarks.streams;

import dev.convene.benchmarks.process.BrokerMain;
import dev.convene.benchmarks.process.CpuTimes;
import dev.convene.benchmarks.process.JavaProcess;
import dev.convene.benchmarks.process.Ports;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Commands a second at full speed with a window of unanswered ones, and the time of a single command, for each contender
 * in turn on one broker; several rounds. Contender, asker and reader of answers share this process.
 */
public final class StreamsBenchmark {
    private static final int WINDOW = 50_000;
    private static final int ROUNDS = 3;
    private static final long WARM_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long RUN_NANOS = TimeUnit.SECONDS.toNanos(12);
    private static final int SINGLE = 300;

    private StreamsBenchmark() {}

    /** Prints a line for each contender and round. */
    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createTempDirectory("streams-benchmark");
        int port = Ports.free();
        try (JavaProcess broker = JavaProcess.start(
                "broker",
                directory,
                System.getProperty("java.class.path"),
                List.of("-Xmx1g"),
                BrokerMain.class.getName(),
                List.of(directory.resolve("data").toString(), Integer.toString(port)))) {
            awaitPort(broker, port);
            String servers = "127.0.0.1:" + port;
            List<Contender> contenders = List.of(
                    new HostContender(servers), new StreamsContender(servers, 100), new StreamsContender(servers, 10));
            List<Load> loads = contenders.stream().map(Load::new).toList();
            for (Load load : loads) {
                load.contender.begin(load::answered);
                load.run(WARM_NANOS);
            }
            Map<String, Long> pids = Map.of(
                    "broker", broker.pid(), "contender", ProcessHandle.current().pid());
            for (int round = 1; round <= ROUNDS; round++) {
                for (Load load : loads) {
                    CpuTimes cpu = CpuTimes.start(pids);
                    double rate = load.run(RUN_NANOS);
                    Map<String, Double> cores = cpu.cores();
                    long[] single = load.single();
                    System.out.printf(
                            "round %d  %-30s %,9.0f commands/s  one alone p50 %.2f ms, p99 %.2f ms  cpu %s%n",
                            round,
                            load.contender.name(),
                            rate,
                            single[SINGLE / 2] / 1e6,
                            single[SINGLE * 99 / 100] / 1e6,
                            cores);
                }
            }
            for (Contender contender : contenders) {
                contender.close();
            }
        }
        System.exit(0);
    }

    private static void awaitPort(JavaProcess broker, int port) throws InterruptedException {
        for (int tries = 0; tries < 600; tries++) {
            broker.requireAlive();
            try {
                new Socket("127.0.0.1", port).close();
                return;
            } catch (java.io.IOException e) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
        throw new IllegalStateException("no broker");
    }

    private static final class Load {
        final Contender contender;
        private final Semaphore free = new Semaphore(WINDOW);
        private final AtomicLong answers = new AtomicLong();
        private long number;

        Load(Contender contender) {
            this.contender = contender;
        }

        /** Each answer once and in order, or the run ends. */
        void answered(long of) {
            if (of != answers.get() + 1) {
                System.err.println(contender.name() + ": answer " + of + " after " + answers.get());
                Runtime.getRuntime().halt(1);
            }
            answers.lazySet(of);
            free.release();
        }

        double run(long nanos) throws InterruptedException {
            long start = System.nanoTime();
            long before = answers.get();
            while (System.nanoTime() - start < nanos) {
                free.acquire();
                contender.send(++number);
            }
            double rate = (answers.get() - before) * 1e9 / (System.nanoTime() - start);
            free.acquire(WINDOW);
            free.release(WINDOW);
            return rate;
        }

        /** Times of single commands, sorted, nanoseconds. */
        long[] single() throws InterruptedException {
            long[] times = new long[SINGLE];
            for (int i = 0; i < SINGLE; i++) {
                free.acquire(WINDOW);
                long start = System.nanoTime();
                contender.send(++number);
                free.release(WINDOW - 1);
                free.acquire(WINDOW);
                times[i] = System.nanoTime() - start;
                free.release(WINDOW);
            }
            Arrays.sort(times);
            return times;
        }
    }
}
