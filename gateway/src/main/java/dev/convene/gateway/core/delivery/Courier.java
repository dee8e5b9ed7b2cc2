package dev.convene.gateway.core.delivery;

import dev.convene.gateway.core.GatewayCounters;
import dev.convene.gateway.core.session.LocalSession;
import dev.convene.protocol.CloseCode;
import dev.convene.protocol.Position;
import dev.convene.protocol.group.GroupCommand.Cause;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntToLongFunction;

/**
 * Gives pushes to receivers in the order of each partition, holding back what has to wait for another partition, and wakes
 * readers once per batch. For the tail's thread.
 */
final class Courier {
    private final DeliveryEvents events;
    private final GatewayCounters counters;
    private final long queuedBytesMax;
    /** The newest offset of a partition that was applied, -1 before the first. */
    private final IntToLongFunction applied;
    /** Told when something is no longer held back for a receiver. */
    private final Consumer<Receiver> released;

    private final List<SessionQueue> dirty = new ArrayList<>();
    private final Set<Receiver> holding = new LinkedHashSet<>();

    Courier(
            DeliveryEvents events,
            GatewayCounters counters,
            long queuedBytesMax,
            IntToLongFunction applied,
            Consumer<Receiver> released) {
        this.events = events;
        this.counters = counters;
        this.queuedBytesMax = queuedBytesMax;
        this.applied = applied;
        this.released = released;
    }

    /** Gives a live push to a receiver. */
    void deliver(Receiver receiver, int partition, Position at, SharedPush push, List<Cause> causes, boolean ordered) {
        LocalSession session = receiver.session;
        if (session == null) {
            return;
        }
        Place[] places = receiver.places();
        Place place = receiver.place(partition);
        if (place == null) {
            return;
        }
        Joining joining = place.joining;
        if (joining != null) {
            joining.addLive(new Parcel(at, push, causes, ordered), CatchUp.partOf(queuedBytesMax));
        } else if (places.length == 1 && causes.isEmpty()) {
            enqueue(receiver, session, push);
        } else {
            pass(receiver, place, new Parcel(at, push, causes, ordered));
        }
    }

    /** Gives a push whose turn it is in its partition: at once, or when what it has to wait for was given. */
    void pass(Receiver receiver, Place place, Parcel parcel) {
        LocalSession session = receiver.session;
        if (session == null) {
            return;
        }
        ArrayDeque<Parcel> held = place.held;
        if (held != null) {
            line(receiver, place, held, parcel);
        } else if (parcel.ordered() && !isSatisfied(receiver, parcel.causes())) {
            held = new ArrayDeque<>();
            place.held = held;
            holding.add(receiver);
            counters.heldBack.increment();
            line(receiver, place, held, parcel);
        } else {
            give(receiver, session, place, parcel);
        }
    }

    private void give(Receiver receiver, LocalSession session, Place place, Parcel parcel) {
        session.vector().raise(place.partition, parcel.at().offset());
        if (!parcel.causes().isEmpty()) {
            session.vector().raise(parcel.causes());
        }
        enqueue(receiver, session, parcel.push());
    }

    /** Gives a push out of turn, history, or one whose turn it is. */
    void enqueue(Receiver receiver, LocalSession session, SharedPush push) {
        if (push instanceof ReplyPush reply && session.replies().arrived(reply.message())) {
            return;
        }
        SessionQueue queue = session.queue();
        switch (queue.offer(push)) {
            case QUEUED -> {
                session.counters().pushed(push.bytes());
                if (queue.takeDirty()) {
                    dirty.add(queue);
                }
            }
            case DROPPED -> counters.unreliableDropped.increment();
            case OVERFLOW -> cut(receiver, session, CloseCode.SLOW_READER);
            case KNOWN, CLOSED -> {}
        }
    }

    private void line(Receiver receiver, Place place, ArrayDeque<Parcel> waiting, Parcel parcel) {
        LocalSession session = receiver.session;
        place.heldBytes += parcel.push().bytes();
        waiting.addLast(parcel);
        if (session != null && place.heldBytes + session.queue().bytes() > queuedBytesMax) {
            cut(receiver, session, CloseCode.SLOW_READER);
        }
    }

    /** Gives nothing more to a receiver and has its session cut. */
    void cut(Receiver receiver, LocalSession session, CloseCode why) {
        receiver.park();
        holding.remove(receiver);
        events.cut(session, why);
    }

    private boolean isSatisfied(Receiver receiver, List<Cause> causes) {
        for (Cause cause : causes) {
            Place place = receiver.place(cause.partition());
            if (place != null && given(place) < cause.offset()) {
                return false;
            }
        }
        return true;
    }

    /** Everything of this partition up to this offset was given to the receiver. */
    private long given(Place place) {
        Parcel first = place.held == null ? null : place.held.peekFirst();
        if (first != null) {
            return first.at().offset() - 1;
        }
        return place.joining == null ? applied.applyAsLong(place.partition) : place.reached.offset() - 1;
    }

    /** Forgets what waits for a receiver that is parked or gone. */
    void forget(Receiver receiver) {
        holding.remove(receiver);
    }

    /** Gives what no longer has to wait, then wakes the readers of all queues that got something. */
    void batchEnded() {
        if (!holding.isEmpty()) {
            release();
        }
        for (SessionQueue queue : dirty) {
            queue.signal();
        }
        dirty.clear();
    }

    private void release() {
        for (Receiver receiver : List.copyOf(holding)) {
            boolean progress = true;
            while (progress) {
                progress = false;
                for (Place place : receiver.places()) {
                    progress |= release(receiver, place);
                }
                if (progress) {
                    released.accept(receiver);
                }
            }
            boolean still = false;
            for (Place place : receiver.places()) {
                still |= place.held != null;
            }
            if (!still) {
                holding.remove(receiver);
            }
        }
    }

    private boolean release(Receiver receiver, Place place) {
        boolean progress = false;
        while (true) {
            ArrayDeque<Parcel> held = place.held;
            LocalSession session = receiver.session;
            Parcel first = held == null ? null : held.peekFirst();
            if (held == null || session == null || first == null) {
                place.held = null;
                return progress;
            }
            if (first.ordered() && !isSatisfied(receiver, first.causes())) {
                return progress;
            }
            held.removeFirst();
            place.heldBytes -= first.push().bytes();
            if (held.isEmpty()) {
                place.held = null;
            }
            give(receiver, session, place, first);
            progress = true;
        }
    }
}
