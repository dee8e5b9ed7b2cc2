package dev.convene.systemtests.docs;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A process that runs a piece of a document; what it prints is kept. Ended, with all that it started, when closed. */
final class Script implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final Process process;
    private final Path output;

    private Script(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** @param command the interpreter with its options; it gets the code as a file */
    static Script run(String code, String suffix, List<String> command) {
        try {
            Path file = Files.createTempFile("convene-example-", suffix);
            Path output = Files.createTempFile("convene-example-", ".out");
            Files.writeString(file, code);
            List<String> whole = new java.util.ArrayList<>(command);
            whole.add(file.toString());
            return new Script(
                    new ProcessBuilder(whole)
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile())
                            .start(),
                    output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Script bash(String code) {
        return run(code, ".sh", List.of("bash", "-eu"));
    }

    String printed() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Script awaitText(String text) {
        await("\"" + text + "\" to be printed")
                .atMost(PATIENCE)
                .until(this::printed, printed -> printed.contains(text));
        return this;
    }

    /** Waits for its end. */
    int exitStatus() {
        await("the script to end").atMost(PATIENCE).until(() -> !process.isAlive());
        return process.exitValue();
    }

    /** Whether there is such a command here that answers to these arguments. */
    static boolean works(String... command) {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
