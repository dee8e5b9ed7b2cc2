package dev.convene.testkit.client;

import dev.convene.protocol.At;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.Body;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.protocol.frame.MemberDigest;
import dev.convene.protocol.frame.Push;
import dev.convene.testkit.check.order.Ending;
import dev.convene.testkit.check.order.Event;
import dev.convene.testkit.check.order.Level;
import dev.convene.testkit.check.order.Position;
import dev.convene.testkit.check.order.Reason;
import dev.convene.testkit.check.order.Roster;
import dev.convene.testkit.check.order.SessionHistory;
import dev.convene.testkit.check.order.SessionRecorder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A session whose sends and pushes are written down for the checkers. The body of each message is its id. One thread may
 * send and another one read.
 */
public final class RecordedSession {
    private final SessionRecorder recorder;
    private final List<Push> received = new ArrayList<>();
    private final List<RuntimeException> refusals = new CopyOnWriteArrayList<>();
    private final Set<String> deliveredIds = ConcurrentHashMap.newKeySet();
    private volatile TestSession session;
    private long lastSeq;

    public RecordedSession(TestSession session) {
        this.session = session;
        this.recorder = new SessionRecorder(session.connected().session(), session.privateGroup());
    }

    public TestSession session() {
        return session;
    }

    /**
     * Sends a message and notes what was answered; a refusal that may have happened stays open.
     *
     * @return whether it was acknowledged
     */
    public boolean multicast(String id, ServiceLevel service, boolean selfDiscard, List<String> groups) {
        Sent sent = send(id, service, selfDiscard, groups, TestSession.PATIENCE);
        if (sent == Sent.UNANSWERED) {
            throw new AssertionError("no answer to message " + id + " within " + TestSession.PATIENCE);
        }
        return sent == Sent.ACKNOWLEDGED;
    }

    /** How a message went. */
    public enum Sent {
        ACKNOWLEDGED,
        /** Refused, or the connection was lost: whether it was ordered is open, and the record has no position. */
        FAILED,
        /** Nothing was answered before the client's patience ended. */
        UNANSWERED
    }

    /**
     * Sends a message and notes what was answered. Each has a rising number of the client's own, so that one which the
     * client has given up cannot be ordered after a later one.
     */
    public Sent send(String id, ServiceLevel service, boolean selfDiscard, List<String> groups, Duration patience) {
        recorder.add(new Event.Sent(id, Level.valueOf(service.name()), groups, selfDiscard, List.of()));
        try {
            Answer.Accepted answer = (Answer.Accepted) session.send(new GroupOperation.Multicast(
                            groups, service, 0, Body.ofText(id), selfDiscard, null, ++lastSeq, null, null))
                    .get(patience.toMillis(), TimeUnit.MILLISECONDS);
            At at = answer.at();
            if (at != null && answer.dropped().isEmpty()) {
                recorder.acknowledged(
                        id,
                        Stream.concat(Stream.of(at), answer.alsoAt().stream())
                                .map(RecordedSession::position)
                                .toList());
            }
            return Sent.ACKNOWLEDGED;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException refusal) {
                refusals.add(refusal);
            }
            return Sent.FAILED;
        } catch (TimeoutException e) {
            return Sent.UNANSWERED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What messages were refused with, or why their connection ended. */
    public List<RuntimeException> refusals() {
        return List.copyOf(refusals);
    }

    /** Notes the next push; false if none comes in time. */
    public boolean read(Duration patience) {
        Push push = session.poll(patience);
        if (push != null) {
            note(push);
        }
        return push != null;
    }

    /** Reads pushes until one fits, and notes them all. */
    public void readUntil(Predicate<Push> last) {
        while (true) {
            Push push = session.next();
            note(push);
            if (last.test(push)) {
                return;
            }
        }
    }

    /** The connection is lost without a word. */
    public void abort() {
        recorder.add(new Event.Disconnected());
        session.abort();
    }

    /** Whether this message has come. */
    public boolean hasReceived(String id) {
        return deliveredIds.contains(id);
    }

    /** The connection is given up: what had come before still counts. */
    public void giveUp() {
        session.abort();
        try {
            while (read(TestSession.PATIENCE)) {
                // Up to the end.
            }
        } catch (RuntimeException e) {
            recorder.add(new Event.Disconnected());
            return;
        }
        throw new AssertionError("the connection does not end");
    }

    /** Goes on over another connection. */
    public void resumed(TestSessions.Resumption resumption) {
        resumed(resumption.session(), resumption.answer().recovered());
    }

    /** Goes on over another connection. */
    public void resumed(TestSession next, boolean recovered) {
        recorder.add(new Event.Resumed(recovered));
        session = next;
    }

    /** The positions to resume at. */
    public List<At> newest() {
        return Positions.newest(session.connected().at(), received);
    }

    /** What was written down, as of a moment at which the session had everything. */
    public SessionHistory history(Ending ending) {
        return recorder.ends(ending).toHistory();
    }

    private void note(Push push) {
        received.add(push);
        if (push instanceof Push.Message message) {
            deliveredIds.add(text(message));
        }
        Event event = event(push);
        if (event != null) {
            recorder.add(event);
        }
    }

    private static @Nullable Event event(Push push) {
        return switch (push) {
            case Push.Message message ->
                message.history()
                        ? null
                        : new Event.Delivered(
                                text(message),
                                message.from(),
                                message.groups(),
                                Level.valueOf(message.service().name()),
                                position(message.at()));
            case Push.View view ->
                view.history()
                        ? null
                        : new Event.View(
                                view.group(),
                                position(new At(view.at().domain(), view.at().epoch(), view.view())),
                                Reason.valueOf(view.reason().name()),
                                roster(view),
                                view.changed());
            case Push.Transitional signal -> new Event.Transitional(signal.group());
            case Push.Left left -> new Event.SelfLeave(left.group(), position(left.at()));
            default -> null;
        };
    }

    private static String text(Push.Message message) {
        return new String(message.body().bytes(), StandardCharsets.UTF_8);
    }

    private static Roster roster(Push.View view) {
        List<String> members = view.members();
        return members == null
                ? new Roster.Counted(view.size(), MemberDigest.toHex(view.digest()))
                : new Roster.Listed(members);
    }

    private static Position position(At at) {
        return new Position(
                at.domain(), 0, at.position().offset(), at.position().index());
    }
}
