package dev.convene.testkit.check.order;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Numbers values from 0 in the order of their first appearance, so that checkers can work with arrays. */
final class Interner<T> {

    /** What {@link #find} returns for a value that never appeared. */
    static final int UNKNOWN = -1;

    private final Map<T, Integer> numbers = new HashMap<>();
    private final List<T> values = new ArrayList<>();

    int number(T value) {
        Integer known = numbers.putIfAbsent(value, values.size());
        if (known != null) {
            return known;
        }
        values.add(value);
        return values.size() - 1;
    }

    int find(T value) {
        return numbers.getOrDefault(value, UNKNOWN);
    }

    T value(int number) {
        return values.get(number);
    }

    int size() {
        return values.size();
    }
}
