package dev.convene.gateway.core.group;

import dev.convene.gateway.core.delivery.Pushes;
import dev.convene.gateway.core.delivery.SharedPush;
import dev.convene.gateway.core.log.GroupLog;
import dev.convene.group.Delivery;
import dev.convene.protocol.Position;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** Gathers what was sent to one group in a stretch of the past. */
final class HistoryCollector implements GroupLog.Replay {
    /**
     * What is wanted.
     *
     * @param after after this position
     * @param until up to this one, inclusive
     * @param notBeforeMs nothing older than this, milliseconds since 1970; 0 for no limit
     * @param first the oldest so many; 0 for all
     * @param last of these the newest so many; 0 for all
     * @param lastBytes of these the newest that together have at most so many bytes of bodies; -1 for no limit
     */
    record Query(String group, Position after, Position until, long notBeforeMs, int first, int last, long lastBytes) {
        Query after(Position other) {
            return new Query(group, other, until, notBeforeMs, first, last, lastBytes);
        }
    }

    private final Query query;
    private final Pushes pushes;
    private final long bytesMax;
    private final ArrayDeque<SharedPush> found = new ArrayDeque<>();
    private long bodyBytes;
    private long recordMs;
    private boolean dropped;
    private boolean more;

    /** @param bytesMax the newest of everything found that fit into this are kept, whatever is wanted */
    HistoryCollector(Query query, Pushes pushes, long bytesMax) {
        this.query = query;
        this.pushes = pushes;
        this.bytesMax = bytesMax;
    }

    @Override
    public void beginRecord(long offset, long timestampMs) {
        recordMs = timestampMs;
    }

    @Override
    public boolean isEnough() {
        return more;
    }

    @Override
    public void message(Delivery delivery) {
        if (!delivery.queueReceivers().isEmpty()
                || more
                || !delivery.at().isAfter(query.after)
                || delivery.at().isAfter(query.until)
                || !delivery.message().groups().contains(query.group)) {
            return;
        }
        if (recordMs < query.notBeforeMs) {
            dropped = true;
            return;
        }
        if (query.first > 0 && found.size() == query.first) {
            more = true;
            return;
        }
        found.addLast(pushes.history(delivery));
        bodyBytes += delivery.message().payload().length;
        if (query.last > 0 && found.size() > query.last) {
            removeFirst();
        }
        while (query.lastBytes >= 0 && bodyBytes > query.lastBytes && !found.isEmpty()) {
            dropped = true;
            removeFirst();
        }
        while (bodyBytes > bytesMax && found.size() > 1) {
            if (query.first > 0) {
                // A page: it ends here and the next goes on.
                bodyBytes -= Pushes.bodyBytes(found.removeLast());
                more = true;
                return;
            }
            dropped = true;
            removeFirst();
        }
    }

    private void removeFirst() {
        bodyBytes -= Pushes.bodyBytes(found.removeFirst());
    }

    List<SharedPush> found() {
        return new ArrayList<>(found);
    }

    /** Whether something that was asked for was left out: by settings of the group, or as the newest alone fill a page. */
    boolean isDropped() {
        return dropped;
    }

    /** Whether there is more after what was found. */
    boolean isMore() {
        return more;
    }
}
