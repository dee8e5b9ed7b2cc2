package dev.convene.systemtests.groups;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.At;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.protocol.frame.Push;
import dev.convene.protocol.frame.SessionOperation;
import dev.convene.testkit.client.Surface;
import dev.convene.testkit.client.TestSession;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Queue groups: what a member had and did not acknowledge goes to the next one, however it went away. */
class QueueGroupTests extends GroupsContract {
    private static final int JOBS = 10;
    private static final int DONE = 3;
    /** Of a session whose connection is lost. */
    private static final long GRACE_MS = 300;

    private static void enter(TestSession session, String group) {
        session.call(new GroupOperation.Join(group, null, "crew", null, null, 0));
    }

    private static List<Push.Message> messages(List<Push> pushes) {
        return new ArrayList<>(pushes.stream()
                .filter(Push.Message.class::isInstance)
                .map(Push.Message.class::cast)
                .toList());
    }

    private static List<At> at(List<Push.Message> messages) {
        return messages.stream().map(Push.Message::at).toList();
    }

    private static List<String> texts(List<Push.Message> messages) {
        return messages.stream().map(message -> Pushes.text(message.body())).toList();
    }

    private static void ack(TestSession session, String group, List<Push.Message> messages, boolean release) {
        session.call(new GroupOperation.Ack(group, at(messages), release));
    }

    /** Two members of a queue, of which the first has acknowledged some of its jobs and owes the others. */
    private final class Crew {
        final String group = unused("crew");
        final TestSession one;
        final TestSession two;
        final List<Push.Message> ofOne;
        final List<Push.Message> ofTwo;
        final List<Push.Message> owed;

        Crew(Surface surface) {
            one = sessions.connect(
                    surface, system.gatewayA(), new SessionOperation.Connect(unused("one"), true, GRACE_MS));
            two = connect(surface, system.gatewayB(), null);
            TestSession publisher = connect(surface);
            enter(one, group);
            enter(two, group);
            for (int i = 0; i < JOBS; i++) {
                publisher.multicast(ServiceLevel.AGREED, "job" + i, group);
            }
            ofOne = messages(one.drain());
            ofTwo = messages(two.drain());
            List<String> all = new ArrayList<>(texts(ofOne));
            all.addAll(texts(ofTwo));
            assertThat(all).hasSize(JOBS).doesNotHaveDuplicates();
            assertThat(ofOne).hasSize(JOBS / 2).noneMatch(Push.Message::redelivered);
            ack(one, group, ofOne.subList(0, DONE), false);
            owed = ofOne.subList(DONE, ofOne.size());
        }

        /** The second one gets exactly what the first one owes, once, in order, and marked. */
        void secondGetsWhatIsOwed() {
            List<Push.Message> again = new ArrayList<>();
            while (again.size() < owed.size()) {
                if (two.next() instanceof Push.Message message) {
                    again.add(message);
                }
            }
            assertThat(again).allMatch(Push.Message::redelivered);
            assertThat(texts(again)).isEqualTo(texts(owed));
            assertThat(messages(two.drain())).isEmpty();
            // Done by the second one, they come to nobody else.
            ack(two, group, again, false);
            ack(two, group, ofTwo, false);
            TestSession third = connect(Surface.WS_JSON);
            enter(third, group);
            two.leave(group);
            assertThat(messages(third.drain())).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Surface.class)
    void whatALeaverOwesGoesToTheNext(Surface surface) {
        Crew crew = new Crew(surface);
        crew.one.leave(crew.group);
        crew.secondGetsWhatIsOwed();
        closing(crew.one);
    }

    @ParameterizedTest
    @EnumSource(Surface.class)
    void whatAClosedSessionOwesGoesToTheNext(Surface surface) {
        Crew crew = new Crew(surface);
        crew.one.close();
        crew.secondGetsWhatIsOwed();
    }

    /** Not before its time to resume is over: until then it may come back and acknowledge. */
    @ParameterizedTest
    @EnumSource(Surface.class)
    void whatALostConnectionOwesGoesToTheNextWhenItsTimeIsOver(Surface surface) {
        Crew crew = new Crew(surface);
        crew.one.abort();
        crew.secondGetsWhatIsOwed();
    }

    @ParameterizedTest
    @EnumSource(Surface.class)
    void whatIsReleasedGoesToTheNextAndTheMemberStays(Surface surface) {
        Crew crew = new Crew(surface);
        crew.owed.forEach(job -> ack(crew.one, crew.group, List.of(job), true));
        crew.secondGetsWhatIsOwed();
        // It is still in the queue, with a third one that came when the second one left.
        crew.one.drain();
        connect(surface).multicast(ServiceLevel.AGREED, "for who stayed", crew.group);
        connect(surface).multicast(ServiceLevel.AGREED, "and the third", crew.group);
        assertThat(Pushes.texts(crew.one.drain())).hasSize(1);
        closing(crew.one);
    }
}
