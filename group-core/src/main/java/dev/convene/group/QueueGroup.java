package dev.convene.group;

import dev.convene.protocol.Position;
import dev.convene.runtime.Effects;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Members of a group that share its messages: one of them gets each. A message belongs to its receiver until it
 * acknowledges it; what a member leaves behind goes to the next, marked redelivered, before anything newer. Lives while it
 * has members or messages, and its group with it.
 */
public final class QueueGroup {
    /** A message in the queue. */
    record Queued(QueuedMessages.Message message, boolean redelivered) {}

    static final class Place {
        final Member member;
        /** By the position under which the member got them. */
        final Map<Position, Queued> unacknowledged = new LinkedHashMap<>();

        Place(Member member) {
            this.member = member;
        }

        boolean hasRoom() {
            return !member.session().isSuspended() && unacknowledged.size() < GroupLimits.UNACKNOWLEDGED_MAX;
        }
    }

    private final Group group;
    private final String name;
    private final QueuedMessages all;
    /** In the order in which they are asked next. */
    private final ArrayDeque<Place> places = new ArrayDeque<>();

    private final Map<Long, Place> bySession = new LinkedHashMap<>();
    private final ArrayDeque<Queued> waiting = new ArrayDeque<>();
    /** Who has released what in the record that is being applied. */
    private final Map<QueuedMessages.Message, Long> releasers = new LinkedHashMap<>();

    private int count;
    private long bytes;

    QueueGroup(Group group, String name, QueuedMessages all) {
        this.group = group;
        this.name = name;
        this.all = all;
    }

    public String name() {
        return name;
    }

    /** Messages that wait for a member or for an acknowledgement. */
    public int count() {
        return count;
    }

    /** Messages that wait for a member. */
    public int waitingCount() {
        return waiting.size();
    }

    /** Takes the queue from its group if it has neither members nor messages. */
    void dropIfOver() {
        if (bySession.isEmpty() && waiting.isEmpty()) {
            group.removeQueue(this);
        }
    }

    /** Whether one more message with such a body is too much, for this queue or for all. */
    boolean isFullFor(int bodyBytes) {
        long freeAfter = all.freeBytes() - bodyBytes - 2 * GroupLimits.QUEUED_OVERHEAD_BYTES;
        return count >= GroupLimits.QUEUED_MAX || bytes + bodyBytes > Math.min(GroupLimits.QUEUED_BYTES_MAX, freeAfter);
    }

    void join(Member member) {
        Place place = new Place(member);
        places.addLast(place);
        bySession.put(member.session().id(), place);
    }

    /** The member goes; what it had not acknowledged waits for another, before everything else, in its old order. */
    void leave(Member member) {
        Place place = bySession.remove(member.session().id());
        if (place != null) {
            places.remove(place);
            putBack(new ArrayList<>(place.unacknowledged.values()));
        }
    }

    void add(QueuedMessages.Message message) {
        waits(new Queued(message, false));
    }

    /**
     * Gives the oldest waiting message to the next member with room.
     *
     * @return null if no message waits or no member has room for the oldest
     */
    @Nullable Given serve(Effects effects) {
        Queued queued;
        while ((queued = waiting.peekFirst()) != null) {
            Place place = placeFor(queued);
            if (place != null) {
                waiting.removeFirst();
                places.remove(place);
                places.addLast(place);
                Position at = effects.next();
                place.unacknowledged.put(at, queued);
                return new Given(at, place.member, queued);
            }
            if (!isOnlyMember(queued.message.excluded)) {
                return null;
            }
            // Nobody but its sender is there, and the sender does not want it.
            waiting.removeFirst();
            done(queued);
        }
        return null;
    }

    /** All that can be given at present was given. */
    void served() {
        releasers.clear();
    }

    private boolean isOnlyMember(long session) {
        return bySession.size() == 1 && bySession.containsKey(session);
    }

    /** Whoever has released it gets it again only if nobody else can have it. */
    private @Nullable Place placeFor(Queued queued) {
        Long releaser = releasers.get(queued.message);
        Place last = null;
        for (Place place : places) {
            long id = place.member.session().id();
            if (place.hasRoom() && id != queued.message.excluded) {
                if (releaser == null || releaser != id) {
                    return place;
                }
                last = place;
            }
        }
        return last;
    }

    private void done(Queued queued) {
        count--;
        bytes -= queued.message.bodyBytes();
        all.release(queued.message);
    }

    private void held(Queued queued) {
        count++;
        bytes += queued.message.bodyBytes();
        all.hold(queued.message);
    }

    record Given(Position at, Member member, Queued queued) {}

    /** Ends or releases messages of a member; positions that it does not have are ignored. */
    void acknowledge(long session, List<Position> positions, boolean release) {
        Place place = bySession.get(session);
        if (place == null) {
            return;
        }
        List<Queued> released = new ArrayList<>();
        for (Position position : positions) {
            Queued queued = place.unacknowledged.remove(position);
            if (queued != null && release) {
                released.add(queued);
                releasers.put(queued.message, session);
            } else if (queued != null) {
                done(queued);
            }
        }
        putBack(released);
    }

    private void putBack(List<Queued> messages) {
        for (Queued queued : messages.reversed()) {
            waiting.addFirst(queued.redelivered() ? queued : new Queued(queued.message(), true));
        }
    }

    ArrayDeque<Place> places() {
        return places;
    }

    ArrayDeque<Queued> waiting() {
        return waiting;
    }

    void restoreUnacknowledged(long session, Position at, Queued queued) {
        Place place = bySession.get(session);
        if (place == null) {
            throw new IllegalStateException("no place for session " + session + " in queue " + name);
        }
        place.unacknowledged.put(at, queued);
        held(queued);
    }

    void waits(Queued queued) {
        waiting.addLast(queued);
        held(queued);
    }
}
