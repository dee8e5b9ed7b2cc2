package dev.convene.gateway.core.life;

import dev.convene.gateway.core.request.Pending;
import dev.convene.gateway.core.request.Reply;
import dev.convene.gateway.core.request.Window;
import dev.convene.gateway.core.time.Scheduler;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.log.Answer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Requests of a gateway life to the sessions log. When all of its sessions come or go at once there are more of them than may
 * be on their way: the others wait for their turn, in order, bounded in number and time. Thread-safe.
 */
final class SessionsAsked {
    private record Waiting(byte[] command, long timeoutMs, long deadlineMs, Reply reply) {}

    private final Window window;
    private final Scheduler scheduler;
    private final int underWayMax;
    private final int waitingMax;
    private final long waitMs;
    private final long appendMs;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private int underWay;
    private @Nullable ConveneException closed;

    /**
     * @param underWayMax most requests without an answer, no more than the window takes
     * @param waitingMax most requests that wait for their turn
     * @param waitMs how long one may wait for its turn
     * @param appendMs how long one may take to be in the log once it is on its way
     */
    SessionsAsked(Window window, Scheduler scheduler, int underWayMax, int waitingMax, long waitMs, long appendMs) {
        this.window = window;
        this.scheduler = scheduler;
        this.underWayMax = underWayMax;
        this.waitingMax = waitingMax;
        this.waitMs = waitMs;
        this.appendMs = appendMs;
    }

    /** @param timeoutMs how long the answer may take once the request is on its way */
    void submit(byte[] command, long timeoutMs, Reply reply) {
        ConveneException refusal = null;
        boolean now = false;
        synchronized (this) {
            if (closed != null) {
                refusal = closed;
            } else if (underWay < underWayMax) {
                underWay++;
                now = true;
            } else if (waiting.size() < waitingMax) {
                waiting.addLast(new Waiting(command, timeoutMs, scheduler.nowMs() + waitMs, reply));
            } else {
                refusal = new ConveneException(ErrorCode.OVERLOADED);
            }
        }
        if (refusal != null) {
            reply.failed(refusal);
        } else if (now) {
            send(command, timeoutMs, reply);
        }
    }

    private void send(byte[] command, long timeoutMs, Reply reply) {
        long nowMs = scheduler.nowMs();
        Reply told = new Reply() {
            @Override
            public void answered(Answer answer) {
                ended();
                reply.answered(answer);
            }

            @Override
            public void failed(ConveneException e) {
                if (e.code() != ErrorCode.OUTCOME_UNKNOWN) {
                    ended();
                }
                reply.failed(e);
            }

            @Override
            public void late(Answer answer) {
                ended();
                reply.late(answer);
            }
        };
        window.submit(Pending.command(command, 0, "", nowMs + timeoutMs, told).appendedUntil(nowMs + appendMs));
    }

    /** The next one's turn has come. Not here: this may be the thread that reads the answers. */
    private void ended() {
        Waiting next;
        synchronized (this) {
            next = waiting.pollFirst();
            if (next == null) {
                underWay--;
            }
        }
        if (next != null) {
            Waiting turn = next;
            scheduler.after(0, () -> send(turn.command, turn.timeoutMs, turn.reply));
        }
    }

    /** Tells those whose turn did not come in time. */
    void sweep() {
        List<Waiting> over = new ArrayList<>(0);
        long nowMs = scheduler.nowMs();
        synchronized (this) {
            while (!waiting.isEmpty() && waiting.peekFirst().deadlineMs <= nowMs) {
                over.add(waiting.removeFirst());
            }
        }
        over.forEach(one -> one.reply.failed(new ConveneException(ErrorCode.UNAVAILABLE)));
        window.sweep();
    }

    /** Refuses everything from now on. */
    void close(ConveneException reason) {
        List<Waiting> all;
        synchronized (this) {
            closed = reason;
            all = List.copyOf(waiting);
            waiting.clear();
        }
        all.forEach(one -> one.reply.failed(reason));
        window.close(reason);
    }
}
