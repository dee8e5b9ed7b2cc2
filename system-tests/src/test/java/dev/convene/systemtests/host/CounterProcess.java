package dev.convene.systemtests.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A member of a counter log in a process of its own, to be killed or stopped. */
final class CounterProcess implements AutoCloseable {
    private final Process process;

    private CounterProcess(Process process) {
        this.process = process;
    }

    /** Runs until its input ends. */
    public static void main(String[] args) throws Exception {
        try (CounterLog log = new CounterLog(args[0], args[1])) {
            log.member(args[2]);
            while (System.in.read() >= 0) {
                // The test that started this process still lives.
            }
        }
    }

    static CounterProcess start(String bootstrapServers, String logName, String instance, Path output) {
        try {
            return new CounterProcess(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx256m",
                            "-XX:+UseSerialGC",
                            "-cp",
                            System.getProperty("java.class.path"),
                            CounterProcess.class.getName(),
                            bootstrapServers,
                            logName,
                            instance)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code KILL}, {@code STOP} or {@code CONT}. */
    void signal(String name) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
            if (!kill.waitFor(5, TimeUnit.SECONDS) || kill.exitValue() != 0) {
                throw new AssertionError("kill -" + name + " failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
