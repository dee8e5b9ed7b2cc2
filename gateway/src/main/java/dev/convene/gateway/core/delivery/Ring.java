package dev.convene.gateway.core.delivery;

import dev.convene.protocol.Position;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The newest pushes of a partition that concerned local receivers, bounded by bytes: sessions that resume where they were get
 * from here what they missed, and nothing has to be read again. Entries have numbers without gaps. For the tail's thread.
 */
final class Ring {
    /**
     * A push and whom it was for. The array is that of a {@link FanList} as of then.
     *
     * @param excluded the sender that wants no copy
     */
    record Entry(
            Parcel parcel,
            @Nullable Receiver[] receivers,
            int count,
            @Nullable Receiver excluded) {}

    private static final int ENTRY_BYTES = 200;
    private static final int FIRST_CAPACITY = 16;

    private final long bytesMax;
    /** A power of two of places; an entry's place is its number's lowest bits. */
    private @Nullable Entry[] entries = new Entry[FIRST_CAPACITY];
    /** Number of the oldest entry. */
    private long first;
    /** Number of the next entry. */
    private long end;

    private long bytes;
    /** Everything from this offset on is here. */
    private long floor;

    Ring(long bytesMax, long floor) {
        this.bytesMax = bytesMax;
        this.floor = floor;
    }

    /** Whether everything after this position is here. */
    boolean covers(Position position) {
        return position.offset() >= floor;
    }

    void add(Entry entry) {
        if (end - first == entries.length) {
            grow();
        }
        entries[place(end++)] = entry;
        bytes += size(entry);
        while (bytes > bytesMax) {
            Entry oldest = entry(first);
            entries[place(first++)] = null;
            bytes -= size(oldest);
            floor = oldest.parcel.at().offset() + 1;
        }
    }

    private void grow() {
        @Nullable Entry[] more = new Entry[entries.length * 2];
        for (long number = first; number < end; number++) {
            more[(int) (number & (more.length - 1))] = entries[place(number)];
        }
        entries = more;
    }

    private int place(long number) {
        return (int) (number & (entries.length - 1));
    }

    private Entry entry(long number) {
        Entry entry = entries[place(number)];
        if (entry == null) {
            throw new IllegalStateException("nothing at " + number + " of " + first + " to " + end);
        }
        return entry;
    }

    private static long size(Entry entry) {
        return entry.parcel.push().bytes() + ENTRY_BYTES;
    }

    /** Number of the oldest entry. */
    long first() {
        return first;
    }

    /** Number of the next entry. */
    long end() {
        return end;
    }

    /** The place in the log of the entry with this number. */
    Position at(long number) {
        return entry(number).parcel.at();
    }

    /** Number of the first entry after a position. */
    long firstAfter(Position position) {
        long low = first;
        long high = end;
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (at(middle).isAfter(position)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /**
     * Gives to each receiver what it {@linkplain Receiver#wanting wants} of the entries from this number on, once and in order,
     * and stops after so many looks at entries and receivers, but not between two entries of one place in the log.
     *
     * @return the number of the first entry that was not looked at
     */
    long replay(long from, int looksMax, BiConsumer<Leg, Parcel> to, StampSource stamps) {
        long number = from;
        long looks = 0;
        while (number < end && (looks < looksMax || at(number).equals(at(number - 1)))) {
            Entry entry = entry(number++);
            looks += 1L + entry.count;
            give(entry, to, stamps.next());
        }
        return number;
    }

    private static void give(Entry entry, BiConsumer<Leg, Parcel> to, long stamp) {
        for (int i = 0; i < entry.count; i++) {
            Receiver receiver = entry.receivers[i];
            if (receiver == null || receiver == entry.excluded || receiver.stamp == stamp) {
                continue;
            }
            receiver.stamp = stamp;
            Leg leg = receiver.wanting;
            if (leg != null && leg.covers(entry.parcel.at())) {
                to.accept(leg, entry.parcel);
            }
        }
    }

    /** Numbers that are never given twice. */
    static final class StampSource {
        private long last;

        long next() {
            return ++last;
        }
    }
}
