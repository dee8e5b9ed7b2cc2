package dev.convene.testkit.check.order;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What checkers found. A broken run can break a promise a million times, so only the first {@link #KEPT_MAX} are kept
 * for each checker and the rest is counted.
 */
public final class Violations implements Iterable<Violation> {

    /** How many violations one checker keeps. */
    public static final int KEPT_MAX = 100;

    /** Nothing found. */
    public static final Violations NONE = new Violations(List.of(), 0);

    private static final int PRINTED_MAX = 20;

    private final List<Violation> kept;
    private final long found;

    private Violations(List<Violation> kept, long found) {
        this.kept = List.copyOf(kept);
        this.found = found;
    }

    /** How many were found, kept or not. */
    public long found() {
        return found;
    }

    public boolean isEmpty() {
        return found == 0;
    }

    /** Those that were kept. */
    public List<Violation> kept() {
        return kept;
    }

    @Override
    public Iterator<Violation> iterator() {
        return kept.iterator();
    }

    /** These and those. */
    public Violations and(Violations others) {
        List<Violation> all = new ArrayList<>(kept);
        all.addAll(others.kept);
        return new Violations(all, found + others.found);
    }

    /**
     * Ends a test: does nothing when nothing was found.
     *
     * @throws AssertionError with the explanations otherwise
     */
    public void requireNone() {
        if (!isEmpty()) {
            throw new AssertionError(toString());
        }
    }

    /** One line for each violation, the first ones only. */
    @Override
    public String toString() {
        if (isEmpty()) {
            return "no violations";
        }
        String lines = kept.stream()
                .limit(PRINTED_MAX)
                .map(violation -> "  " + violation.contractCase() + ": " + violation.explanation())
                .collect(Collectors.joining("\n"));
        return found + (found == 1 ? " violation:\n" : " violations, the first of them:\n") + lines;
    }

    /** Collects while a checker runs. */
    static final class Collector {

        private final List<Violation> kept = new ArrayList<>();
        private long found;

        void add(Violation violation) {
            found++;
            if (kept.size() < KEPT_MAX) {
                kept.add(violation);
            }
        }

        /** For violations whose description is costly: it is made only if it is kept. */
        void addLazily(Supplier<Violation> violation) {
            if (kept.size() < KEPT_MAX) {
                add(violation.get());
            } else {
                found++;
            }
        }

        Violations violations() {
            return new Violations(kept, found);
        }
    }
}
