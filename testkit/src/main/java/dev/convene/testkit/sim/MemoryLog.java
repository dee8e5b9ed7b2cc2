package dev.convene.testkit.sim;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One partition of a topic in memory. Offsets rise and may have gaps; the beginning can be deleted. */
public final class MemoryLog {
    /** One record. */
    public record Entry(long offset, byte @Nullable [] header, byte @Nullable [] value) {}

    private final List<Entry> entries = new ArrayList<>();
    private final List<Runnable> readers = new ArrayList<>();
    private long endOffset;
    private long beginOffset;

    /** Appends a record after {@code gap} unused offsets. */
    public long append(byte @Nullable [] header, byte @Nullable [] value, int gap) {
        long offset = endOffset + gap;
        entries.add(new Entry(offset, header, value));
        endOffset = offset + 1;
        List.copyOf(readers).forEach(Runnable::run);
        return offset;
    }

    /** The offset after the last record. */
    public long endOffset() {
        return endOffset;
    }

    /** The first offset that can be read. */
    public long beginOffset() {
        return beginOffset;
    }

    /** Records from this offset on, at most so many. */
    public List<Entry> read(long from, int max) {
        if (from < beginOffset) {
            throw new IllegalArgumentException("offset " + from + " is deleted, the log begins with " + beginOffset);
        }
        int first = indexOf(from);
        return List.copyOf(entries.subList(first, Math.min(entries.size(), first + max)));
    }

    /** All records that there are. */
    public List<Entry> all() {
        return List.copyOf(entries);
    }

    /** Deletes everything below. */
    public void deleteBelow(long offset) {
        if (offset > beginOffset) {
            beginOffset = offset;
            entries.subList(0, indexOf(offset)).clear();
        }
    }

    private int indexOf(long offset) {
        int low = 0;
        int high = entries.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (entries.get(middle).offset < offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    void onAppend(Runnable reader) {
        readers.add(reader);
    }

    void forget(Runnable reader) {
        readers.remove(reader);
    }
}
