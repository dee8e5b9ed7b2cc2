package dev.convene.testkit.check.order;

import java.util.Arrays;

/** A list of numbers without boxing. */
final class IntList {

    static final int[] EMPTY = {};

    private int[] values = new int[8];
    private int size;

    void add(int value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, Math.multiplyExact(size, 2));
        }
        values[size++] = value;
    }

    int get(int index) {
        return values[index];
    }

    int size() {
        return size;
    }

    /** Removes every occurrence of {@code value}. */
    void remove(int value) {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (values[i] != value) {
                values[kept++] = values[i];
            }
        }
        size = kept;
    }

    int[] toArray() {
        return Arrays.copyOf(values, size);
    }
}
