package dev.convene.benchmarks.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM of its own whose output goes to a file. */
public final class JavaProcess implements AutoCloseable {
    private static final int STOP_S = 10;
    private static final int TAIL_LINES = 15;

    private final String name;
    private final Process process;
    private final Path log;

    private JavaProcess(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    /**
     * Starts a main class.
     *
     * @param name what it is called in reports; its log gets this name
     * @param directory where its log goes
     * @param classPath its class path
     * @param options for the JVM
     * @param mainClass what to run
     * @param arguments for the main class
     */
    public static JavaProcess start(
            String name,
            Path directory,
            String classPath,
            List<String> options,
            String mainClass,
            List<String> arguments) {
        Path log = directory.resolve(name + ".log");
        return start(
                name,
                log,
                command(classPath, options, mainClass, arguments)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile())));
    }

    /** The same for one that answers what it is {@linkplain #ask asked}; only its errors go to a file. */
    public static JavaProcess startTalking(
            String name,
            Path directory,
            String classPath,
            List<String> options,
            String mainClass,
            List<String> arguments) {
        Path log = directory.resolve(name + ".log");
        return start(
                name,
                log,
                command(classPath, options, mainClass, arguments)
                        .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile())));
    }

    private static ProcessBuilder command(
            String classPath, List<String> options, String mainClass, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(List.of("-cp", classPath, mainClass));
        command.addAll(arguments);
        return new ProcessBuilder(command);
    }

    private static JavaProcess start(String name, Path log, ProcessBuilder builder) {
        try {
            Process process = builder.start();
            // Not left behind when this process is killed in an orderly way.
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            return new JavaProcess(name, process, log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String name() {
        return name;
    }

    public long pid() {
        return process.pid();
    }

    /** Writes a line to it and waits for the line that it answers. For one thread at a time. */
    public String ask(String line) {
        try {
            process.outputWriter().write(line + "\n");
            process.outputWriter().flush();
            String answer = process.inputReader().readLine();
            if (answer != null) {
                return answer;
            }
        } catch (IOException e) {
            throw new IllegalStateException(name + " does not listen:\n" + tail(), e);
        }
        throw new IllegalStateException(name + " has ended:\n" + tail());
    }

    /** @throws IllegalStateException with the end of its log if it has ended */
    public void requireAlive() {
        if (!process.isAlive()) {
            throw new IllegalStateException(name + " has ended:\n" + tail());
        }
    }

    /** The last lines of its log. */
    public String tail() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
        } catch (IOException e) {
            return "(no log: " + e.getMessage() + ")";
        }
    }

    /** Ends it as kill -9 does, and waits until it is gone. */
    public void kill() {
        try {
            process.destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_S, TimeUnit.SECONDS)) {
                kill();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
