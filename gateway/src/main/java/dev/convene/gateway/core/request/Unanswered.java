package dev.convene.gateway.core.request;

import dev.convene.gateway.core.log.Appender;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The requests of a {@link Window} without an answer, in order: first those that were sent under its present attempt or
 * are seen in the log, then those that are to be sent, with a number if that is again. Guarded by the window.
 */
final class Unanswered {
    /** Those that are seen in the log. */
    private final ArrayDeque<Pending> seen = new ArrayDeque<>(0);
    /** Those after them that are on their way. */
    private final ArrayDeque<Pending> sent = new ArrayDeque<>(0);
    /** Those after them, to be sent. */
    private final ArrayDeque<Pending> unsent = new ArrayDeque<>(0);

    int size() {
        return seen.size() + sent.size() + unsent.size();
    }

    void add(Pending request) {
        unsent.addLast(request);
    }

    boolean hasUnsent() {
        return !unsent.isEmpty();
    }

    /** The next to be sent, which counts as sent from now on. */
    @Nullable Pending send() {
        Pending next = unsent.pollFirst();
        if (next != null) {
            next.acknowledgedMs = -1;
            sent.addLast(next);
        }
        return next;
    }

    /** Whether it is the newest that was sent; takes it out if so. */
    boolean takeLast(Pending request) {
        ArrayDeque<Pending> last = sent.isEmpty() ? seen : sent;
        return last.peekLast() == request && last.removeLast() == request;
    }

    boolean isSent(Pending request) {
        return sent.contains(request) || seen.contains(request);
    }

    /** Whether nothing that was sent is of unknown outcome. */
    boolean isAllSeen() {
        return sent.isEmpty();
    }

    /** The oldest one that was sent. */
    @Nullable Pending firstSent() {
        return seen.isEmpty() ? sent.peekFirst() : seen.peekFirst();
    }

    /** The lowest number that is not seen in the log; 0 if there is none. */
    long firstUnseen() {
        Pending next = sent.isEmpty() ? unsent.peekFirst() : sent.peekFirst();
        return next == null ? 0 : next.number;
    }

    /**
     * What was acknowledged with everything before it stands in its turn.
     *
     * @return whether this is news of any
     */
    boolean seeAcknowledged() {
        boolean news = false;
        Pending next;
        while ((next = sent.peekFirst()) != null && next.acknowledgedMs >= 0) {
            seen.addLast(sent.removeFirst());
            news = true;
        }
        return news;
    }

    /** Whether this number is seen already. */
    boolean isSeen(long number) {
        Pending last = seen.peekLast();
        return last != null && number <= last.number;
    }

    /** The log shows this number; so it has everything below. */
    void see(long number) {
        see(sent, number);
        if (sent.isEmpty()) {
            see(unsent, number);
        }
    }

    private void see(ArrayDeque<Pending> from, long number) {
        Pending next;
        while ((next = from.peekFirst()) != null && next.number != 0 && next.number <= number) {
            seen.addLast(from.removeFirst());
        }
    }

    /** Nothing above this number counts as seen. */
    void unsee(long number) {
        Pending last;
        while ((last = seen.peekLast()) != null && last.number > number) {
            sent.addFirst(seen.removeLast());
        }
    }

    /** Whatever was sent and is not seen has to be sent again. */
    void takeBack() {
        while (!sent.isEmpty()) {
            unsent.addFirst(sent.removeLast());
        }
    }

    /** The request with this number, which is answered; null if there is none. */
    @Nullable Pending take(long number) {
        Pending request = take(seen, number);
        if (request == null) {
            request = take(sent, number);
        }
        return request == null ? take(unsent, number) : request;
    }

    boolean has(long number) {
        return all().anyMatch(one -> one.number == number);
    }

    /** Whether more than one copy of the request with this number was sent. */
    boolean isSentAgain(long number) {
        return all().anyMatch(one -> one.number == number && one.copies > 1);
    }

    private Stream<Pending> all() {
        return Stream.of(seen, sent, unsent).flatMap(ArrayDeque::stream);
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
     * Finds those whose time is over.
     *
     * @param unknown gets the replies of those that may be in the log; they stay
     * @param unavailable gets the replies of those that were never on their way; they are taken out
     */
    void expire(long nowMs, List<Reply> unknown, List<Reply> unavailable) {
        for (Pending request : seen) {
            expire(request, nowMs, unknown);
        }
        for (Pending request : sent) {
            expire(request, nowMs, unknown);
        }
        for (Iterator<Pending> all = unsent.iterator(); all.hasNext(); ) {
            Pending request = all.next();
            if (request.number != 0) {
                expire(request, nowMs, unknown);
            } else if (request.isOverdue(nowMs)) {
                unavailable.add(request.reply);
                all.remove();
            }
        }
    }

    private static void expire(Pending request, long nowMs, List<Reply> unknown) {
        if (request.isOverdue(nowMs) && !request.told) {
            unknown.add(request.reply);
            request.told = true;
        }
    }

    /**
     * The last requests of which no {@linkplain Appender.Done#failed copy} can be in the log, and after which nothing was
     * numbered, lose their numbers.
     *
     * @return the number to be given next
     */
    long freeNumbers(long nextNumber) {
        if (!isAllSeen()) {
            return nextNumber;
        }
        Pending[] all = unsent.toArray(new Pending[0]);
        int numbered = 0;
        while (numbered < all.length && all[numbered].number != 0) {
            numbered++;
        }
        long next = nextNumber;
        for (int i = numbered - 1; i >= 0 && !all[i].maybe; i--) {
            next = all[i].number;
            all[i].number = 0;
        }
        return next;
    }

    /** Takes all out. */
    List<Pending> clear() {
        List<Pending> all = all().toList();
        seen.clear();
        sent.clear();
        unsent.clear();
        return all;
    }
}
