package dev.convene.gateway.core.delivery;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The local receivers of one group. Whoever keeps the array and the count keeps the receivers as of then: adding writes
 * behind the count only, removing makes a new array. For the tail's thread.
 */
final class FanList {
    private static final @Nullable Receiver[] EMPTY = {};

    private @Nullable Receiver[] array = EMPTY;
    private int count;

    @Nullable Receiver[] array() {
        return array;
    }

    int count() {
        return count;
    }

    /** Adds a receiver that is not there. */
    void add(Receiver receiver) {
        if (count == array.length) {
            array = Arrays.copyOf(array, Math.max(4, count * 2));
        }
        array[count++] = receiver;
    }

    void remove(Receiver receiver) {
        int index = indexOf(receiver);
        if (index < 0) {
            return;
        }
        @Nullable Receiver[] fewer = new Receiver[Math.max(4, count)];
        System.arraycopy(array, 0, fewer, 0, index);
        System.arraycopy(array, index + 1, fewer, index, count - index - 1);
        array = fewer;
        count--;
    }

    private int indexOf(Receiver receiver) {
        for (int i = 0; i < count; i++) {
            if (array[i] == receiver) {
                return i;
            }
        }
        return -1;
    }
}
