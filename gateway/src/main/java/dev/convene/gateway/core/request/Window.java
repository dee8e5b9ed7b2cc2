package dev.convene.gateway.core.request;

import dev.convene.gateway.core.log.Appender;
import dev.convene.gateway.core.time.Scheduler;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.log.Answer;
import dev.convene.protocol.log.LogEntry;
import dev.convene.protocol.log.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one requester to one partition, in order, numbered without gaps, bounded in number. Thread-safe; no lock is
 * held while appending or replying.
 *
 * <p>While all goes well requests are sent one after the other without waiting. When the outcome of one is unknown, or the log
 * shows that one is missing, everything that is not known to be in the log is sent again in order under the same numbers:
 * the first alone, the rest when that one is seen in the log. Seen is what was answered, and what was acknowledged after
 * everything before it was seen; an answer may take much longer. {@link Origin#ref} carries the attempt, so that what
 * earlier attempts still bring is told apart.
 *
 * <p>When the log shows that its numbers and the window's do not match, sending again helps nobody: the window closes with
 * {@link ErrorCode#OUT_OF_STEP}, and whoever owns it reads the state anew.
 */
public final class Window {
    /** So many times the log may show that something is missing before it shows an answer. */
    private static final int MISSING_MAX = 100;
    /**
     * So many times what was acknowledged is sent again while the log shows nothing at all. The waits between double up to
     * half a minute, so it takes about ten minutes; whoever answers after that answers the copies that it finds.
     */
    private static final int SILENT_MAX = 24;

    private static final long SILENT_WAIT_MAX_MS = 30_000;

    private final Requester requester;
    private final String log;
    private final int partition;
    private final WindowBounds bounds;
    private final Appender appender;
    private final Packer packer;
    private final Scheduler scheduler;
    private final Unanswered requests = new Unanswered();
    private final Pauses pauses;

    private long nextNumber;
    private long attempt = 1;
    private boolean draining;
    private boolean probing;
    private boolean retryScheduled;
    private int missing;
    private int silent;
    private boolean packed;
    private @Nullable ConveneException closed;
    /** Somebody waits until all is answered. */
    private volatile @Nullable CompletableFuture<?> allAnswered;

    /** @param nextNumber the number after the last one that the partition has seen of this requester */
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
        this.pauses = new Pauses(requester.id() * 31 + partition);
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
                    : requests.size() >= bounds.countMax() ? new ConveneException(bounds.fullError()) : null;
            if (refusal == null) {
                requests.add(request);
            }
        }
        if (refusal != null) {
            request.reply.failed(refusal);
            return;
        }
        drain();
    }

    /** Completes when no request is without an answer, or when it is closed. */
    public synchronized CompletableFuture<?> whenAnswered() {
        if (closed != null || requests.size() == 0) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<?> waits = allAnswered;
        if (waits == null) {
            waits = new CompletableFuture<>();
            allAnswered = waits;
        }
        return waits;
    }

    private void tellAnswered() {
        if (allAnswered == null) {
            return;
        }
        CompletableFuture<?> waits;
        synchronized (this) {
            waits = closed != null || requests.size() == 0 ? allAnswered : null;
            allAnswered = waits == null ? allAnswered : null;
        }
        if (waits != null) {
            waits.complete(null);
        }
    }

    /** Requests without an answer. */
    public synchronized int count() {
        return requests.size();
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
                next.copies++;
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
        if (closed != null || retryScheduled || probing && !requests.isAllSeen()) {
            return null;
        }
        Pending next = requests.send();
        if (next != null) {
            if (next.number == 0) {
                next.number = nextNumber++;
            }
            next.attempt = attempt;
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

            @Override
            public void refused(ErrorCode reason) {
                neverAppended(request, inAttempt, before, reason);
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
            request.copies--;
            if (!request.maybe && request.number == nextNumber - 1 && requests.takeLast(request)) {
                nextNumber--;
                over = true;
            } else {
                retryLater();
            }
        }
        if (over) {
            request.reply.failed(e);
            tellAnswered();
        }
    }

    private void acknowledged(Pending request, long inAttempt) {
        boolean more = false;
        synchronized (this) {
            if (inAttempt == attempt) {
                request.acknowledgedMs = scheduler.nowMs();
                request.appended = true;
                pauses.reset();
                if (requests.seeAcknowledged() && probing) {
                    probing = false;
                    more = requests.hasUnsent();
                }
            }
        }
        if (more) {
            drainSoon();
        }
    }

    private synchronized void appendFailed(Pending request, long inAttempt, boolean maybe) {
        if (inAttempt == request.attempt) {
            // Else a later copy is on its way.
            request.maybe = maybe;
        }
        if (inAttempt == attempt && requests.isSent(request)) {
            retryLater();
        }
    }

    /** The log takes no such record. What was numbered after it may be on its way: something has to take its number. */
    private void neverAppended(Pending request, long inAttempt, boolean before, ErrorCode reason) {
        Reply reply = null;
        boolean told = false;
        synchronized (this) {
            if (!before && inAttempt == request.attempt && closed == null && requests.isSent(request)) {
                reply = request.reply;
                told = request.told;
                request.becomeNothing();
            }
        }
        if (reply != null && told) {
            reply.over();
        } else if (reply != null) {
            reply.failed(new ConveneException(reason));
        }
        appendFailed(request, inAttempt, before);
    }

    /** Not here: threads that tell of the log must not wait for an append. */
    private void drainSoon() {
        scheduler.after(0, this::drain);
    }

    /** Everything that is not seen is sent again after a while. */
    private void retryLater() {
        if (retryScheduled || closed != null) {
            return;
        }
        retryScheduled = true;
        scheduler.after(pauses.nextMs(attempt), this::retry);
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
        requests.takeBack();
    }

    /**
     * The log shows the answer to a request. Ignored if it is known already.
     *
     * @param ref the attempt that sent it
     * @return whether it was sent from here; if not the log has the number from somebody else, and the window is closed
     */
    public boolean answered(long number, long ref, Answer answer) {
        Pending request;
        boolean own;
        boolean more;
        synchronized (this) {
            boolean known = requests.isSeen(number);
            request = requests.take(number);
            if (request == null) {
                return true;
            }
            own = ref >= 1 && ref <= request.attempt;
            missing = 0;
            silent = 0;
            if (!known) {
                requests.see(number);
                probing = false;
            }
            more = own && requests.hasUnsent();
        }
        if (!own) {
            request.end(new ConveneException(ErrorCode.OUT_OF_STEP));
            return outOfStep();
        }
        request.answered(answer);
        tellAnswered();
        if (more) {
            drainSoon();
        }
        return true;
    }

    /**
     * The log shows that a request came out of its turn: passed over since one before it is missing, or repeated.
     *
     * @param ref the attempt that sent it
     * @param lastNumber the last number that the partition has taken of this requester, at this place
     * @return whether the numbers match; the window is closed if not
     */
    public boolean outOfTurn(long number, long ref, long lastNumber) {
        return number > lastNumber ? missing(ref, lastNumber) : !isForeign(number, lastNumber) || outOfStep();
    }

    private boolean outOfStep() {
        close(new ConveneException(ErrorCode.OUT_OF_STEP));
        return false;
    }

    /** Whether the partition has a number that was never sent from here: what it answers to it is another request's. */
    private synchronized boolean isForeign(long number, long lastNumber) {
        silent = 0;
        boolean own = lastNumber < nextNumber && requests.isSentAgain(number);
        return closed == null && requests.has(number) && !own;
    }

    private boolean missing(long ref, long lastNumber) {
        boolean now;
        boolean hopeless;
        synchronized (this) {
            if (ref != attempt || closed != null) {
                return true;
            }
            silent = 0;
            requests.unsee(lastNumber);
            hopeless = ++missing > MISSING_MAX || requests.firstUnseen() > lastNumber + 1;
            now = !hopeless && !probing && !retryScheduled;
            if (now) {
                again();
            } else if (!hopeless) {
                retryLater();
            }
        }
        if (now) {
            drainSoon();
        }
        return !hopeless || outOfStep();
    }

    /** Tells clients whose deadline has passed; sends again what was acknowledged and not answered. */
    public void sweep() {
        long nowMs = scheduler.nowMs();
        List<Reply> unknown = new ArrayList<>(0);
        List<Reply> unavailable = new ArrayList<>(0);
        synchronized (this) {
            if (retryScheduled) {
                // They will be sent again anyway; so the numbers of those that were never on their way can be freed.
                requests.takeBack();
            }
            if (!draining) {
                nextNumber = requests.freeNumbers(nextNumber);
            }
            requests.expire(nowMs, unknown, unavailable);
            Pending first = requests.firstSent();
            if (first != null && isSilent(first, nowMs)) {
                silent++;
                requests.unsee(first.number - 1);
                retryLater();
            }
        }
        unavailable.forEach(reply -> reply.failed(new ConveneException(ErrorCode.UNAVAILABLE)));
        unknown.forEach(reply -> reply.failed(new ConveneException(ErrorCode.OUTCOME_UNKNOWN)));
        tellAnswered();
    }

    private boolean isSilent(Pending first, long nowMs) {
        long waitMs = Math.min(bounds.answerWaitMs() << silent, SILENT_WAIT_MAX_MS);
        return waitMs > 0 && silent < SILENT_MAX && first.acknowledgedMs >= 0 && nowMs - first.acknowledgedMs > waitMs;
    }

    /** Refuses everything from now on; what was not sent is refused with this, of the rest the outcome is unknown. */
    public void close(ConveneException reason) {
        shut(reason).run();
    }

    /** Refuses everything from now on. What it returns tells those who wait, as {@link #close} does. */
    public Runnable shut(ConveneException reason) {
        List<Pending> all;
        synchronized (this) {
            if (closed != null) {
                return () -> {};
            }
            closed = reason;
            all = requests.clear();
        }
        return () -> {
            all.forEach(request -> request.end(reason));
            tellAnswered();
        };
    }
}
