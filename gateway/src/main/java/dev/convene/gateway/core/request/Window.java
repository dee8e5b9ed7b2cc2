package dev.convene.gateway.core.request;

import dev.convene.gateway.core.log.Appender;
import dev.convene.gateway.core.time.Scheduler;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.log.Answer;
import dev.convene.protocol.log.LogEntry;
import dev.convene.protocol.log.Origin;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one requester to one partition, in order, numbered without gaps, bounded in number. Thread-safe; no lock is
 * held while appending or replying.
 *
 * <p>While all goes well requests are sent one after the other without waiting. When the outcome of one is unknown, or the log
 * shows that one is missing, everything unanswered is sent again in order under the same numbers: the first alone, the rest
 * when its answer has come. {@link Origin#ref} carries the attempt, so that what earlier attempts still bring is told apart.
 */
public final class Window {
    private static final long RETRY_FIRST_MS = 50;
    private static final long RETRY_MAX_MS = 1000;

    private final Requester requester;
    private final String log;
    private final int partition;
    private final WindowBounds bounds;
    private final Appender appender;
    private final Packer packer;
    private final Scheduler scheduler;

    /** Sent under the present attempt, unanswered, in order. */
    private final ArrayDeque<Pending> sent = new ArrayDeque<>();
    /** To be sent, in order; those with a number again. */
    private final ArrayDeque<Pending> unsent = new ArrayDeque<>();

    private long nextNumber;
    private long attempt = 1;
    private boolean draining;
    private boolean probing;
    private boolean retryScheduled;
    private long retryMs = RETRY_FIRST_MS;
    private boolean packed;
    private @Nullable ConveneException closed;

    /**
     * @param nextNumber the number after the last one that the partition has seen of this requester
     */
    public Window(
            Requester requester,
            String log,
            int partition,
            long nextNumber,
            WindowBounds bounds,
            Appender appender,
            Packer packer,
            Scheduler scheduler) {
        this.requester = requester;
        this.log = log;
        this.partition = partition;
        this.nextNumber = nextNumber;
        this.bounds = bounds;
        this.appender = appender;
        this.packer = packer;
        this.scheduler = scheduler;
    }

    public Requester requester() {
        return requester;
    }

    public int partition() {
        return partition;
    }

    /** Takes a request in, or refuses it. */
    public void submit(Pending request) {
        ConveneException refusal;
        synchronized (this) {
            refusal = closed != null
                    ? closed
                    : sent.size() + unsent.size() >= bounds.countMax()
                            ? new ConveneException(bounds.fullError())
                            : null;
            if (refusal == null) {
                unsent.addLast(request);
            }
        }
        if (refusal != null) {
            request.reply.failed(refusal);
            return;
        }
        drain();
    }

    /** Requests without an answer. */
    public synchronized int count() {
        return sent.size() + unsent.size();
    }

    private void drain() {
        while (true) {
            Pending next;
            boolean flush;
            boolean before;
            synchronized (this) {
                if (draining) {
                    return;
                }
                next = takeNext();
                if (next == null) {
                    return;
                }
                draining = true;
                before = next.maybe;
                next.maybe = true;
                flush = packed && next.payload != null;
                packed = next.payload == null || packed && !flush;
            }
            try {
                if (flush) {
                    packer.flush();
                }
                send(next, before);
            } catch (ConveneException e) {
                refused(next, before, e);
            } finally {
                synchronized (this) {
                    draining = false;
                }
            }
        }
    }

    private @Nullable Pending takeNext() {
        if (closed != null || retryScheduled || probing && !sent.isEmpty()) {
            return null;
        }
        Pending next = unsent.pollFirst();
        if (next != null) {
            if (next.number == 0) {
                next.number = nextNumber++;
            }
            next.attempt = attempt;
            next.acknowledgedMs = -1;
            sent.addLast(next);
        }
        return next;
    }

    private void send(Pending request, boolean before) {
        long inAttempt = request.attempt;
        Origin origin = new Origin(
                requester.incarnation(),
                requester.id(),
                requester.epoch(),
                request.number,
                inAttempt,
                request.seq,
                request.key);
        Appender.Done done = new Appender.Done() {
            @Override
            public void appended(long offset) {
                acknowledged(request, inAttempt);
            }

            @Override
            public void failed(boolean maybe) {
                appendFailed(request, inAttempt, before || maybe);
            }
        };
        byte[] payload = request.payload;
        LogEntry.Command command = new LogEntry.Command(origin, request.body, payload);
        if (payload == null) {
            packer.add(command, done);
        } else {
            appender.append(log, partition, RequestHeaders.payloadRecord(command, payload, request.texts), done);
        }
    }

    /** It was not even begun. If no copy of it is on its way its number is free again, since it is the last one given. */
    private void refused(Pending request, boolean before, ConveneException e) {
        boolean over = false;
        synchronized (this) {
            request.maybe = before;
            if (!request.maybe && request.number == nextNumber - 1 && sent.peekLast() == request) {
                sent.removeLast();
                nextNumber--;
                over = true;
            } else {
                retryLater();
            }
        }
        if (over) {
            request.reply.failed(e);
        }
    }

    private synchronized void acknowledged(Pending request, long inAttempt) {
        if (inAttempt == attempt) {
            request.acknowledgedMs = scheduler.nowMs();
            retryMs = RETRY_FIRST_MS;
        }
    }

    private synchronized void appendFailed(Pending request, long inAttempt, boolean maybe) {
        request.maybe = maybe;
        if (inAttempt == attempt && sent.contains(request)) {
            retryLater();
        }
    }

    /** Everything unanswered is sent again after a while. */
    private void retryLater() {
        if (retryScheduled || closed != null) {
            return;
        }
        retryScheduled = true;
        scheduler.after(retryMs, this::retry);
        retryMs = Math.min(RETRY_MAX_MS, retryMs * 2);
    }

    private void retry() {
        synchronized (this) {
            retryScheduled = false;
            again();
        }
        drain();
    }

    private void again() {
        attempt++;
        probing = true;
        takeBack();
    }

    private void takeBack() {
        while (!sent.isEmpty()) {
            unsent.addFirst(sent.removeLast());
        }
    }

    /** The log shows the answer to a request. Ignored if it is known already. */
    public void answered(long number, Answer answer) {
        Pending request;
        Reply reply;
        boolean told;
        boolean more;
        synchronized (this) {
            request = take(sent, number);
            if (request == null) {
                request = take(unsent, number);
            }
            if (request == null) {
                return;
            }
            reply = request.reply;
            told = request.told;
            probing = false;
            more = !unsent.isEmpty();
        }
        if (told) {
            reply.late(answer);
        } else {
            reply.answered(answer);
        }
        if (more) {
            // Not here: this thread reads the log and must not wait for an append.
            scheduler.after(0, this::drain);
        }
    }

    private static @Nullable Pending take(ArrayDeque<Pending> from, long number) {
        Pending first = from.peekFirst();
        if (first != null && first.number == number) {
            return from.pollFirst();
        }
        for (Iterator<Pending> all = from.iterator(); all.hasNext(); ) {
            Pending one = all.next();
            if (one.number == number && number != 0) {
                all.remove();
                return one;
            }
        }
        return null;
    }

    /**
     * The log shows that a request was passed over since one before it is missing.
     *
     * @param ref the attempt that sent it
     */
    public void missing(long ref) {
        boolean now;
        synchronized (this) {
            if (ref != attempt || closed != null) {
                return;
            }
            now = !probing && !retryScheduled;
            if (now) {
                again();
            } else {
                retryLater();
            }
        }
        if (now) {
            scheduler.after(0, this::drain);
        }
    }

    /** Tells clients whose deadline has passed; sends again what was acknowledged and not answered. */
    public void sweep() {
        long nowMs = scheduler.nowMs();
        List<Reply> unknown = new ArrayList<>(0);
        List<Reply> unavailable = new ArrayList<>(0);
        synchronized (this) {
            if (retryScheduled) {
                // They will be sent again anyway; so the numbers of those that were never on their way can be freed.
                takeBack();
            }
            freeNumbers();
            for (Pending request : sent) {
                expire(request, nowMs, unknown);
            }
            for (Iterator<Pending> all = unsent.iterator(); all.hasNext(); ) {
                Pending request = all.next();
                if (request.number != 0) {
                    expire(request, nowMs, unknown);
                } else if (request.deadlineMs <= nowMs) {
                    unavailable.add(request.reply);
                    all.remove();
                }
            }
            Pending first = sent.peekFirst();
            if (first != null
                    && first.acknowledgedMs >= 0
                    && bounds.answerWaitMs() > 0
                    && nowMs - first.acknowledgedMs > bounds.answerWaitMs()) {
                retryLater();
            }
        }
        unavailable.forEach(reply -> reply.failed(new ConveneException(ErrorCode.UNAVAILABLE)));
        unknown.forEach(reply -> reply.failed(new ConveneException(ErrorCode.OUTCOME_UNKNOWN)));
    }

    private static void expire(Pending request, long nowMs, List<Reply> unknown) {
        if (request.deadlineMs <= nowMs && !request.told) {
            unknown.add(request.reply);
            request.told = true;
        }
    }

    /** The last requests of which no copy can be in the log, and after which nothing was numbered, lose their numbers. */
    private void freeNumbers() {
        if (!sent.isEmpty() || draining) {
            return;
        }
        Pending[] all = unsent.toArray(new Pending[0]);
        int numbered = 0;
        while (numbered < all.length && all[numbered].number != 0) {
            numbered++;
        }
        for (int i = numbered - 1; i >= 0 && !all[i].maybe; i--) {
            nextNumber = all[i].number;
            all[i].number = 0;
        }
    }

    /** Refuses everything from now on; what was not sent is refused with this, of the rest the outcome is unknown. */
    public void close(ConveneException reason) {
        List<Pending> all = new ArrayList<>();
        synchronized (this) {
            if (closed != null) {
                return;
            }
            closed = reason;
            all.addAll(sent);
            all.addAll(unsent);
            sent.clear();
            unsent.clear();
        }
        for (Pending request : all) {
            if (request.told) {
                continue;
            }
            boolean unsure = request.maybe && reason.code().happened() == ErrorCode.Happened.NO;
            request.reply.failed(unsure ? new ConveneException(ErrorCode.OUTCOME_UNKNOWN) : reason);
        }
    }
}
