package dev.convene.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleBinaryOperator;

/** The same figure of a baseline and of the platform, measured next to each other, several times. */
public final class Pairs {
    private final List<Double> baseline = new ArrayList<>();
    private final List<Double> platform = new ArrayList<>();

    public void add(double ofBaseline, double ofPlatform) {
        baseline.add(ofBaseline);
        platform.add(ofPlatform);
    }

    /** Median and range of platform minus baseline, pair by pair. */
    public Spread differences() {
        return each((floor, ours) -> ours - floor);
    }

    /** Median and range of platform by baseline, pair by pair. */
    public Spread ratios() {
        return each((floor, ours) -> ours / floor);
    }

    public Spread baseline() {
        return Spread.of(baseline);
    }

    public Spread platform() {
        return Spread.of(platform);
    }

    private Spread each(DoubleBinaryOperator compare) {
        List<Double> values = new ArrayList<>();
        for (int i = 0; i < baseline.size(); i++) {
            values.add(compare.applyAsDouble(baseline.get(i), platform.get(i)));
        }
        return Spread.of(values);
    }
}
