package dev.convene.gateway.core.delivery;

import dev.convene.gateway.core.session.Progress;
import dev.convene.protocol.At;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one session's reader, in the session's one order, bounded by bytes. Filled by the gateway, drained by one
 * consumer, an edge.
 *
 * <p>The consumer sets {@link #onReadable}; when called it polls until it gets nothing (or stops for as long as its socket
 * takes no more, and goes on by itself). It is called again only after a poll has given nothing.
 *
 * <p>When the bound is passed, unreliable messages go first; then the queue closes and is emptied: its session can be
 * resumed by position. Thread-safe.
 */
public final class SessionQueue {
    /** What became of an offered push. */
    enum Offer {
        QUEUED,
        /** It may be dropped and was. */
        DROPPED,
        /** Its client has said that it has it. */
        KNOWN,
        /** There is no room: the reader has to be cut. */
        OVERFLOW,
        CLOSED
    }

    private static final int FIRST_CAPACITY = 8;

    private final long bytesMax;
    /** Whether what was polled stays until it is confirmed. */
    private final boolean retaining;

    private @Nullable SharedPush[] ring = new SharedPush[FIRST_CAPACITY];
    private int head;
    private int size;
    /** How many at the head were polled and are not confirmed; 0 unless retaining. */
    private int given;

    private long bytes;
    private long givenBytes;
    private boolean idle = true;
    private boolean dirty;
    private boolean closed;
    private long taken;
    private @Nullable Runnable onReadable;
    /** What happens when there is room again, and how many bytes that is; null when nobody waits for it. */
    private volatile @Nullable Runnable whenBelow;

    private long belowBytes;
    /** By domain what its client has though it was not given here; null if there is no such thing. */
    private @Nullable Map<String, At> known;

    /**
     * @param bytesMax most bytes that may wait
     * @param retaining whether what was polled stays until it is confirmed or the next poll passes it over
     */
    public SessionQueue(long bytesMax, boolean retaining) {
        this.bytesMax = bytesMax;
        this.retaining = retaining;
    }

    /**
     * Sets what is called when something can be polled after a poll has given nothing, or the queue was closed. It is called
     * on a gateway thread or, if something waits already, at once; it must not block.
     */
    public void onReadable(@Nullable Runnable signal) {
        synchronized (this) {
            onReadable = signal;
            idle = true;
        }
        signal();
    }

    /**
     * Takes what waits.
     *
     * @param countMax most pushes to take
     * @param takeBytesMax takes no more when these are reached; one push is always taken
     * @param into where they go, in order
     * @return how many were taken
     */
    public int poll(int countMax, long takeBytesMax, Collection<? super SharedPush> into) {
        int count = take(countMax, takeBytesMax, into);
        tellRoom();
        return count;
    }

    private synchronized int take(int countMax, long takeBytesMax, Collection<? super SharedPush> into) {
        int count = 0;
        long takenBytes = 0;
        while (count < countMax && given < size) {
            SharedPush push = at(given);
            if (count > 0 && takenBytes + push.bytes() > takeBytesMax) {
                break;
            }
            into.add(push);
            count++;
            takenBytes += push.bytes();
            if (retaining) {
                given++;
                givenBytes += push.bytes();
            } else {
                removeFirst();
            }
        }
        if (count == 0) {
            idle = true;
        }
        taken += count;
        return count;
    }

    private void tellRoom() {
        if (whenBelow == null) {
            return;
        }
        Runnable room;
        synchronized (this) {
            room = bytes <= belowBytes ? whenBelow : null;
            whenBelow = room == null ? whenBelow : null;
        }
        if (room != null) {
            room.run();
        }
    }

    /**
     * Sets what is called once when no more than this waits, in place of what was set before; at once if that is so already.
     * It is called on the consumer's thread and must not block.
     */
    void whenBelow(long waitingBytes, Runnable room) {
        synchronized (this) {
            belowBytes = waitingBytes;
            whenBelow = closed ? null : room;
        }
        tellRoom();
    }

    /** Pushes that were taken since it was made. */
    synchronized long taken() {
        return taken;
    }

    /** Bytes of everything in it, what was taken and is not confirmed included. */
    public synchronized long total() {
        return bytes;
    }

    /**
     * A client of single requests says what it has: an empty list confirms all that was taken; otherwise what was taken and
     * is not covered comes again.
     */
    public void confirm(List<At> seen) {
        forget(seen);
        tellRoom();
    }

    private synchronized void forget(List<At> seen) {
        boolean[] again = comingAgain(seen);
        int kept = 0;
        for (boolean comesAgain : again) {
            SharedPush push = removeFirst();
            if (comesAgain) {
                kept++;
                addLast(push);
            }
        }
        // What is kept went behind the rest; it belongs before it.
        int others = size - kept;
        if (kept > 0 && others > 0) {
            for (int i = 0; i < others; i++) {
                SharedPush push = removeFirst();
                addLast(push);
            }
        }
        given = 0;
        givenBytes = 0;
    }

    /** For each that was taken; what has no place in the order of its session goes with what was taken after it. */
    private boolean[] comingAgain(List<At> seen) {
        boolean[] again = new boolean[given];
        boolean comesAgain = false;
        for (int i = given - 1; i >= 0 && !seen.isEmpty(); i--) {
            At place = placeOf(at(i));
            comesAgain = place == null ? comesAgain : !isSeen(place, seen);
            again[i] = comesAgain;
        }
        return again;
    }

    /**
     * Its client has more than it was given here: of another gateway, when this one was only told so after it had taken the
     * session over. Nothing of that is given, what waits and what still comes.
     */
    public void passOver(List<At> seen) {
        drop(seen);
        tellRoom();
    }

    private synchronized void drop(List<At> seen) {
        int count = size;
        for (int i = 0; i < count; i++) {
            boolean isGiven = i < given;
            SharedPush push = removeFirst();
            At place = placeOf(push);
            if (isGiven || place == null || !isSeen(place, seen)) {
                addLast(push);
            }
        }
        Map<String, At> all = known == null ? new HashMap<>() : known;
        seen.forEach(at -> all.merge(at.domain(), at, Progress::newer));
        known = all;
    }

    /** The first of a domain that its client does not have is followed only by such. */
    private boolean isKnown(Map<String, At> clients, SharedPush push) {
        At place = placeOf(push);
        At has = place == null ? null : clients.get(place.domain());
        if (place == null || has == null) {
            return false;
        }
        if (Progress.covers(has, place)) {
            return true;
        }
        clients.remove(place.domain());
        known = clients.isEmpty() ? null : clients;
        return false;
    }

    /** In a qualified domain; null for what has no place in the order of its session. */
    private static @Nullable At placeOf(SharedPush push) {
        return Progress.placeOf(push.push()) == null ? null : push.at();
    }

    /** What was taken since the last {@link #confirm} reached nobody and can be taken again. */
    public synchronized void untake() {
        given = 0;
        givenBytes = 0;
    }

    private static boolean isSeen(At place, List<At> seen) {
        for (At one : seen) {
            if (one.domain().equals(place.domain())) {
                return Progress.covers(one, place);
            }
        }
        return false;
    }

    /** Pushes that wait to be taken. */
    public synchronized int count() {
        return size - given;
    }

    /** Bytes of the pushes that wait to be taken. */
    public synchronized long bytes() {
        return bytes - givenBytes;
    }

    /** Whether nothing can come any longer. */
    public synchronized boolean isClosed() {
        return closed;
    }

    /** Adds a push; the first since the last {@link #signal} makes the queue {@link #takeDirty dirty}. */
    synchronized Offer offer(SharedPush push) {
        if (closed) {
            return Offer.CLOSED;
        }
        Map<String, At> clients = known;
        if (clients != null && isKnown(clients, push)) {
            return Offer.KNOWN;
        }
        if (push.isDroppable() && bytes + push.bytes() > bytesMax / 2) {
            return Offer.DROPPED;
        }
        if (bytes + push.bytes() > bytesMax) {
            dropDroppable();
            if (bytes + push.bytes() > bytesMax && size > 0) {
                return Offer.OVERFLOW;
            }
        }
        addLast(push);
        return Offer.QUEUED;
    }

    /** Whether this is the first change since the last signal; the caller then owes a {@link #signal}. */
    synchronized boolean takeDirty() {
        boolean first = !dirty;
        dirty = true;
        return first;
    }

    /** Wakes the consumer if it waits and there is something to do. */
    void signal() {
        Runnable call;
        synchronized (this) {
            dirty = false;
            call = idle && (given < size || closed) ? onReadable : null;
            if (call != null) {
                idle = false;
            }
        }
        if (call != null) {
            call.run();
        }
    }

    /** Empties the queue for good and wakes the consumer. */
    public void close() {
        synchronized (this) {
            closed = true;
            ring = new SharedPush[FIRST_CAPACITY];
            head = 0;
            size = 0;
            given = 0;
            bytes = 0;
            givenBytes = 0;
            whenBelow = null;
            known = null;
        }
        signal();
    }

    private void dropDroppable() {
        int count = size;
        int newGiven = 0;
        givenBytes = 0;
        for (int i = 0; i < count; i++) {
            SharedPush push = removeFirst();
            boolean wasGiven = i < given;
            if (wasGiven || !push.isDroppable()) {
                addLast(push);
                newGiven += wasGiven ? 1 : 0;
                givenBytes += wasGiven ? push.bytes() : 0;
            }
        }
        given = newGiven;
    }

    private SharedPush at(int index) {
        SharedPush push = ring[(head + index) & (ring.length - 1)];
        if (push == null) {
            throw new IllegalStateException("nothing at " + index + " of " + size);
        }
        return push;
    }

    private SharedPush removeFirst() {
        SharedPush push = at(0);
        ring[head] = null;
        head = (head + 1) & (ring.length - 1);
        size--;
        bytes -= push.bytes();
        return push;
    }

    private void addLast(SharedPush push) {
        if (size == ring.length) {
            @Nullable SharedPush[] larger = new SharedPush[size * 2];
            for (int i = 0; i < size; i++) {
                larger[i] = at(i);
            }
            ring = larger;
            head = 0;
        }
        ring[(head + size) & (ring.length - 1)] = push;
        size++;
        bytes += push.bytes();
    }
}
