package dev.convene.gateway.core.delivery;

import dev.convene.protocol.Position;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The newest pushes of a partition that concerned local receivers, bounded by bytes: a shortcut for sessions that resume
 * where they were. For the tail's thread.
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

    private final long bytesMax;
    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
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

    /** Whether everything after this position was for so few that it can be looked through at once. */
    boolean isShort(Position after, int givenMax) {
        long given = 0;
        for (Iterator<Entry> newest = entries.descendingIterator(); newest.hasNext() && given <= givenMax; ) {
            Entry entry = newest.next();
            if (!entry.parcel.at().isAfter(after)) {
                break;
            }
            given += 1L + entry.count;
        }
        return given <= givenMax;
    }

    void add(Entry entry) {
        entries.addLast(entry);
        bytes += size(entry);
        while (bytes > bytesMax) {
            Entry oldest = entries.removeFirst();
            bytes -= size(oldest);
            floor = oldest.parcel.at().offset() + 1;
        }
    }

    private static long size(Entry entry) {
        return entry.parcel.push().bytes() + ENTRY_BYTES;
    }

    /** Gives to each receiver what it {@linkplain Receiver#wanting wants}, once and in order. */
    void replay(Position after, BiConsumer<Leg, Parcel> to, StampSource stamps) {
        for (Entry entry : entries) {
            Position at = entry.parcel.at();
            if (!at.isAfter(after)) {
                continue;
            }
            long stamp = stamps.next();
            for (int i = 0; i < entry.count; i++) {
                Receiver receiver = entry.receivers[i];
                if (receiver == null || receiver == entry.excluded || receiver.stamp == stamp) {
                    continue;
                }
                receiver.stamp = stamp;
                Leg leg = receiver.wanting;
                if (leg != null && leg.covers(at)) {
                    to.accept(leg, entry.parcel);
                }
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
