package dev.convene.benchmarks.report;

import java.util.List;
import java.util.Locale;

/**
 * A figure that was measured several times.
 *
 * @param median the middle one, or the mean of the two middle ones
 * @param low the least
 * @param high the largest
 * @param values all, in the order of measuring
 */
public record Spread(double median, double low, double high, List<Double> values) {

    public Spread {
        values = List.copyOf(values);
    }

    public static Spread of(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        if (sorted.isEmpty()) {
            return new Spread(Double.NaN, Double.NaN, Double.NaN, List.of());
        }
        int half = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
        return new Spread(median, sorted.getFirst(), sorted.getLast(), values);
    }

    /** Median and range with digits that suit their size. */
    public String text() {
        return values.size() < 2 ? number(median) : number(median) + " (" + number(low) + " to " + number(high) + ")";
    }

    static String number(double value) {
        if (Double.isNaN(value)) {
            return "none";
        }
        return String.format(Locale.ROOT, Math.abs(value) >= 100 ? "%,.0f" : "%.2f", value);
    }
}
