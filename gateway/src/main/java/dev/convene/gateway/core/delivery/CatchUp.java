package dev.convene.gateway.core.delivery;

import dev.convene.gateway.core.log.GroupLog;
import dev.convene.gateway.core.session.LocalSession;
import dev.convene.gateway.core.time.Scheduler;
import dev.convene.protocol.CloseCode;
import dev.convene.protocol.Position;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Gives receivers what they missed and what was sent before they joined, no faster than their readers take it, then lets
 * them go live. A reader that takes nothing for {@value #STALL_MAX_MS} ms is cut. For the tail's thread.
 */
final class CatchUp {
    private static final long STALL_MAX_MS = 30_000;
    private static final long STALL_CHECK_MS = 1000;
    private static final long TURN_MS = 1;
    /** With so much before them nothing more needs to be read for now: a pass over the log gives its first things sooner. */
    private static final long LEAD_MS = 200;

    /** What waits for a reader while it catches up, what is read ahead, and what came live have a part each. */
    private static final int PARTS = 4;

    private static final long NOT_BLOCKED = -1;

    private final Tail tail;
    private final GroupLog log;
    private final Scheduler scheduler;
    private final Courier courier;
    private final Replays replays;
    private final long bytesMax;
    private final Pace pace;
    /** Receivers whose turn comes when the pace allows it, in order. */
    private final Set<Receiver> due = new LinkedHashSet<>();
    /** Receivers that wait for their readers. */
    private final Set<Receiver> waiting = new LinkedHashSet<>();

    private boolean checking;
    private boolean turning;

    CatchUp(Tail tail, GroupLog log, Scheduler scheduler, Courier courier, Replays replays) {
        this.tail = tail;
        this.log = log;
        this.scheduler = scheduler;
        this.courier = courier;
        this.replays = replays;
        this.bytesMax = partOf(tail.settings().queuedBytesMax());
        this.pace = new Pace(tail.settings().catchUpBytesPerSecond(), scheduler::nowNanos);
    }

    /** How much of each kind may wait for a reader that catches up. */
    static long partOf(long queuedBytesMax) {
        return queuedBytesMax / PARTS;
    }

    /**
     * History was gathered for a receiver: it comes first.
     *
     * @return how many of them are given: the newest that fit
     */
    int history(Receiver receiver, Place place, List<SharedPush> pushes) {
        Joining joining = place.joining;
        if (joining == null) {
            return 0;
        }
        int taken = joining.addHistory(pushes, 2 * bytesMax, replays.ahead());
        opened(receiver, place);
        return taken;
    }

    /** One of the things that the live stream waited for was gathered whole. */
    void opened(Receiver receiver, Place place) {
        Joining joining = place.joining;
        if (joining != null && joining.gates > 0) {
            joining.gates--;
        }
        pump(receiver);
    }

    /** What lies before the live stream is not wanted. */
    void skipTo(Place place) {
        Joining joining = place.joining;
        if (joining != null) {
            place.reached = joining.until;
        }
    }

    /** Those whose turn it is get what the pace allows. */
    private void turn() {
        turning = false;
        while (!due.isEmpty() && pace.allows()) {
            Receiver first = due.iterator().next();
            due.remove(first);
            pump(first);
        }
        courier.batchEnded();
        turnLater();
    }

    /** Whether those whose turn comes have enough before them for a while. */
    boolean isBusy() {
        long enough = pace.bytesIn(LEAD_MS);
        long bytes = 0;
        for (Receiver receiver : due) {
            for (Place place : receiver.places()) {
                bytes += place.joining == null ? 0 : place.joining.missedBytes();
            }
            if (bytes >= enough) {
                return true;
            }
        }
        return false;
    }

    private void turnLater() {
        if (!turning && !due.isEmpty()) {
            turning = true;
            scheduler.after(TURN_MS, () -> log.execute(this::turn));
        }
    }

    /** Gives what there is room for, at the pace of all. */
    void pump(Receiver receiver) {
        if (due.contains(receiver)) {
            return;
        }
        LocalSession session = receiver.session;
        if (session == null) {
            waiting.remove(receiver);
            return;
        }
        long room = NOT_BLOCKED;
        for (Place place : receiver.places()) {
            Joining joining = place.joining;
            if (joining != null) {
                room = Math.max(room, pump(receiver, session, place, joining));
            }
        }
        // What is blocked by an empty queue waits for what is held back, and its release goes on here.
        // If there is room again since it was looked, it is told so at once.
        if (receiver.session == session
                && room != NOT_BLOCKED
                && (room > 0 || session.queue().total() > 0)) {
            awaitRoom(receiver, session, room);
        } else {
            waiting.remove(receiver);
        }
    }

    /** @return how few bytes may wait for the reader so that more can be given, or {@link #NOT_BLOCKED} */
    private long pump(Receiver receiver, LocalSession session, Place place, Joining joining) {
        long room = NOT_BLOCKED;
        while (place.joining == joining && receiver.session == session) {
            SharedPush next = joining.peek();
            if (next == null) {
                settle(receiver, session, place, joining);
                break;
            }
            if (!pace.allows()) {
                due.add(receiver);
                turnLater();
                break;
            }
            long before = session.queue().total() + place.heldBytes;
            if (before > 0 && before + next.bytes() > bytesMax) {
                // None if what is held back alone takes too much.
                long left = bytesMax - next.bytes() - place.heldBytes;
                room = left < 0 ? 0 : Math.clamp(left, 1, bytesMax / 2);
                break;
            }
            pace.gave(next.bytes());
            joining.giveNext(courier, receiver, session, place);
        }
        Want paused = joining.paused;
        if (paused != null && joining.missedBytes() <= bytesMax / 2) {
            joining.paused = null;
            replays.enqueue(paused);
        }
        return room;
    }

    /** Nothing is there to give: everything was given, or more has to be read, or something is still being gathered. */
    private void settle(Receiver receiver, LocalSession session, Place place, Joining joining) {
        if (!joining.isReplayed()) {
            return;
        }
        if (joining.until.isAfter(place.reached)) {
            place.reached = joining.until;
        }
        if (joining.isOverrun()) {
            Position end = tail.lastAt(place.partition);
            joining.replayUpTo(end);
            replays.enqueue(new Want(receiver, session, place, joining, place.reached, end));
        } else if (joining.isDone()) {
            place.joining = null;
        }
    }

    private void awaitRoom(Receiver receiver, LocalSession session, long room) {
        if (waiting.add(receiver)) {
            receiver.takenThen = session.queue().taken();
            receiver.stalledSinceMs = scheduler.nowMs();
            checkLater();
        }
        session.queue()
                .whenBelow(
                        room,
                        () -> log.execute(() -> {
                            if (receiver.session == session) {
                                pump(receiver);
                                courier.batchEnded();
                            }
                        }));
    }

    private void checkLater() {
        if (!checking && !waiting.isEmpty()) {
            checking = true;
            scheduler.after(STALL_CHECK_MS, () -> log.execute(this::check));
        }
    }

    /** Cuts readers that have stopped. */
    private void check() {
        checking = false;
        long nowMs = scheduler.nowMs();
        for (Receiver receiver : List.copyOf(waiting)) {
            LocalSession session = receiver.session;
            if (session == null) {
                waiting.remove(receiver);
            } else if (session.queue().taken() != receiver.takenThen) {
                receiver.takenThen = session.queue().taken();
                receiver.stalledSinceMs = nowMs;
            } else if (nowMs - receiver.stalledSinceMs >= STALL_MAX_MS) {
                waiting.remove(receiver);
                courier.cut(receiver, session, CloseCode.SLOW_READER);
            }
        }
        checkLater();
    }
}
