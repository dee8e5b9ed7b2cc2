package dev.convene.systemtests.containers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/** Keeps what brokers and services have logged under {@code target/} when a test fails. */
final class KeptLogs implements TestWatcher {
    private static final Path DIRECTORY = Path.of("target", "container-logs");

    private final Map<String, Supplier<String>> logs = new ConcurrentSkipListMap<>();

    /** @param log reads the whole log; asked only when a test has failed */
    void keep(String name, Supplier<String> log) {
        logs.put(name, log);
    }

    @Override
    public void testFailed(ExtensionContext context, Throwable cause) {
        String test = context.getRequiredTestMethod().getName() + " " + context.getDisplayName();
        Path directory = DIRECTORY.resolve(test.replaceAll("[^A-Za-z0-9]+", "-"));
        try {
            Files.createDirectories(directory);
            for (Map.Entry<String, Supplier<String>> log : logs.entrySet()) {
                Files.writeString(directory.resolve(log.getKey() + ".log"), read(log.getValue()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!logs.isEmpty()) {
            System.out.println("The logs of brokers and services are kept in " + directory.toAbsolutePath());
        }
    }

    private static String read(Supplier<String> log) {
        try {
            return log.get();
        } catch (RuntimeException e) {
            return "no log: " + e;
        }
    }
}
