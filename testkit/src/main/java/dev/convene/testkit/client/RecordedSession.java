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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A session whose sends and pushes are written down for the checkers. The body of each message is its id. */
public final class RecordedSession {
    private final SessionRecorder recorder;
    private final List<Push> received = new ArrayList<>();
    private final List<RuntimeException> refusals = new CopyOnWriteArrayList<>();
    private TestSession session;

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
        recorder.add(new Event.Sent(id, Level.valueOf(service.name()), groups, selfDiscard, List.of()));
        try {
            Answer.Accepted answer = (Answer.Accepted) session.call(new GroupOperation.Multicast(
                    groups, service, 0, Body.ofText(id), selfDiscard, null, 0, null, null));
            At at = answer.at();
            if (at != null && answer.dropped().isEmpty()) {
                recorder.acknowledged(id, List.of(position(at)));
            }
            return true;
        } catch (Refused | ClosedByServer e) {
            // Whether it was ordered is open; the record says so by having no position.
            refusals.add(e);
            return false;
        }
    }

    /** What messages were refused with, each a {@link Refused} or a {@link ClosedByServer}. */
    public List<RuntimeException> refusals() {
        return List.copyOf(refusals);
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

    /** Goes on over another connection. */
    public void resumed(TestSessions.Resumption resumption) {
        recorder.add(new Event.Resumed(resumption.answer().recovered()));
        session = resumption.session();
    }

    /** The positions to resume at. */
    public List<At> newest() {
        List<At> newest = new ArrayList<>(Positions.newest(received));
        for (At at : session.connected().at()) {
            if (newest.stream().noneMatch(known -> known.domain().equals(at.domain()))) {
                newest.add(at);
            }
        }
        return newest;
    }

    /** What was written down, as of a moment at which the session had everything. */
    public SessionHistory history(Ending ending) {
        return recorder.ends(ending).toHistory();
    }

    private void note(Push push) {
        received.add(push);
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
                                new String(message.body().bytes(), StandardCharsets.UTF_8),
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
