package dev.convene.benchmarks.groups;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a run does.
 *
 * @param isShort a smoke run: everything is there, nothing is worth quoting
 * @param floorOnly plain Kafka alone, to know the machine
 * @param only the workloads to run, by name
 * @param pairs how often floor and platform alternate
 * @param latencyRun how long each stretch of load at a fixed rate lasts
 * @param saturationRun how long each stretch at full speed lasts
 * @param root the repository
 * @param apps the class paths of the applications, one directory each
 */
record Options(
        boolean isShort,
        boolean floorOnly,
        Set<String> only,
        int pairs,
        Duration latencyRun,
        Duration saturationRun,
        Path root,
        Path apps) {

    private static final int PAIRS = 5;
    private static final int PAIRS_SHORT = 1;

    static final class UsageException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UsageException(String message) {
            super(message, null, false, false);
        }
    }

    static Options parse(String[] arguments, Set<String> known) {
        boolean isShort = false;
        boolean floorOnly = false;
        Set<String> only = known;
        Integer pairs = null;
        Integer seconds = null;
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--short" -> isShort = true;
                case "--floor-only" -> floorOnly = true;
                case "--only" -> only = names(value(arguments, ++i), known);
                case "--pairs" -> pairs = number(value(arguments, ++i));
                case "--seconds" -> seconds = number(value(arguments, ++i));
                default -> throw new UsageException("unknown option " + arguments[i]);
            }
        }
        return new Options(
                isShort,
                floorOnly,
                only,
                or(pairs, isShort ? PAIRS_SHORT : PAIRS),
                Duration.ofSeconds(or(seconds, isShort ? 3 : 15)),
                Duration.ofSeconds(or(seconds, isShort ? 4 : 30)),
                Path.of(System.getProperty("convene.root", ".")),
                Path.of(System.getProperty("convene.apps", "benchmarks/target/apps")));
    }

    /** How long to warm up before a series of pairs. */
    Duration warmUp() {
        return latencyRun;
    }

    /** Fewer in a short run. */
    int scaled(int count) {
        return isShort ? Math.max(1, count / 10) : count;
    }

    private static int or(@Nullable Integer given, int otherwise) {
        return given == null ? otherwise : given;
    }

    private static String value(String[] arguments, int index) {
        if (index >= arguments.length) {
            throw new UsageException(arguments[index - 1] + " needs a value");
        }
        return arguments[index];
    }

    private static int number(String text) {
        try {
            int number = Integer.parseInt(text);
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException _) {
            // Said below.
        }
        throw new UsageException("not a positive number: " + text);
    }

    private static Set<String> names(String text, Set<String> known) {
        Set<String> names = new LinkedHashSet<>(Arrays.asList(text.split(",")));
        if (!known.containsAll(names)) {
            throw new UsageException("--only takes some of " + String.join(",", known) + ", not " + text);
        }
        return names;
    }
}
