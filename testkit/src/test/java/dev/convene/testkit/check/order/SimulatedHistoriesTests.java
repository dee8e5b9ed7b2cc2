package dev.convene.testkit.check.order;

import static dev.convene.testkit.check.order.Mutation.hasNoGap;
import static dev.convene.testkit.check.order.Mutation.inOneDomain;
import static dev.convene.testkit.check.order.Mutation.isOrdered;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Histories from seeds: what keeps every promise is accepted, what was changed in one place is found. */
class SimulatedHistoriesTests {

    private static final int STEPS = 600;
    private static final int SEEDS = 150;
    private static final int APPLIED_MIN = 50;

    @Test
    void g65_aHistoryThatKeepsEveryPromise_isAccepted() {
        for (long seed = 0; seed < 600; seed++) {
            Violations found = new GroupGuarantees().check(History.of(SimulatedRun.of(seed, STEPS)));

            assertThat(found.isEmpty()).as("seed %d: %s", seed, found).isTrue();
        }
    }

    /** By the definition: for every two messages that came to a session in this order, does the later one precede? */
    @Test
    void g29_theCheckerAgreesWithTheDefinitionWhereNothingIsHeldBack() {
        int violated = 0;
        for (long seed = 0; seed < 300; seed++) {
            SimulatedRun run = SimulatedRun.careless(seed, STEPS);
            List<SessionHistory> sessions = run.run();
            boolean expected = sessions.stream().anyMatch(session -> breaksCausality(run, session));

            Violations found = new CausalOrder().check(History.of(sessions));

            assertThat(found.isEmpty()).as("seed %d: %s", seed, found).isEqualTo(!expected);
            violated += expected ? 1 : 0;
        }
        assertThat(violated).isBetween(30, 270);
    }

    private static boolean breaksCausality(SimulatedRun run, SessionHistory session) {
        int[] causal = session.events().stream()
                .filter(event -> event instanceof Event.Delivered delivered
                        && delivered.level().atLeast(Level.CAUSAL))
                .mapToInt(event ->
                        Integer.parseInt(((Event.Delivered) event).messageId().substring(1)))
                .toArray();
        for (int i = 0; i < causal.length; i++) {
            for (int later = i + 1; later < causal.length; later++) {
                if (run.precedes(causal[later], causal[i])) {
                    return true;
                }
            }
        }
        return false;
    }

    @Test
    void g26_twoOrderedMessagesSwappedAtOneMember_areFound() {
        requireFound(
                new TotalOrder(),
                (session, i) -> i + 1 < session.events().size()
                        && isOrdered(session.events().get(i))
                        && isOrdered(session.events().get(i + 1))
                        && inOneDomain(session.events().get(i), session.events().get(i + 1)),
                Mutation::swapWithNext);
    }

    @Test
    void g31_aMessageOnTheOtherSideOfAViewAtOneMember_isFound() {
        requireFound(
                new TotalOrder(),
                (session, i) -> i + 1 < session.events().size()
                        && hasNoGap(session)
                        && isOrdered(session.events().get(i))
                        && session.events().get(i + 1) instanceof Event.View view
                        && inOneDomain(session.events().get(i), view),
                Mutation::swapWithNext);
    }

    @Test
    void g53_aMessageDeliveredTwice_isFound() {
        requireFound(
                new AtMostOnce(),
                (session, i) -> session.events().get(i) instanceof Event.Delivered,
                (events, at) -> events.add(at + 1, events.get(at)));
    }

    @Test
    void g53_aMessageDeliveredAgainAtTheEnd_isFound() {
        requireFound(
                new AtMostOnce(),
                (session, i) -> session.events().get(i) instanceof Event.Delivered,
                (events, at) -> events.add(events.get(at)));
    }

    @Test
    void g52_anOrderedMessageThatAMemberNeverGot_isFound() {
        requireFound(
                new NothingLost(),
                mutation -> (session, i) -> session.ending() == Ending.DRAINED
                        && !session.membershipDeclined()
                        && hasNoGap(session)
                        && isOrdered(session.events().get(i))
                        && mutation.isKnownToOthers(session, session.events().get(i))
                        && isToLastingMember(session, i),
                (events, at) -> events.remove(at));
    }

    @Test
    void g24_aViewThatAMemberNeverGot_isFound() {
        requireFound(
                new GroupGuarantees(),
                mutation -> (session, i) -> session.ending() == Ending.DRAINED
                        && hasNoGap(session)
                        && session.events().get(i) instanceof Event.View view
                        && mutation.isKnownToOthers(session, view)
                        && session.events().subList(0, i).stream()
                                .anyMatch(earlier -> isOrdered(earlier) && inOneDomain(earlier, view)),
                (events, at) -> events.remove(at));
    }

    @Test
    void g11_aMemberMissingInOneTellingOfAView_isFound() {
        requireFound(
                new GroupGuarantees(),
                mutation -> (session, i) -> session.events().get(i) instanceof Event.View view
                        && view.roster() instanceof Roster.Listed
                        && mutation.isKnownToOthers(session, view),
                (events, at) -> {
                    Event.View view = (Event.View) events.get(at);
                    List<String> members = ((Roster.Listed) view.roster()).members();
                    events.set(
                            at,
                            new Event.View(
                                    view.group(),
                                    view.id(),
                                    view.reason(),
                                    members.subList(1, members.size()),
                                    view.changed()));
                });
    }

    @Test
    void g14_aMessageAfterTheSelfLeave_isFound() {
        requireFound(
                new Membership(),
                (session, i) -> i + 1 == session.events().size() && hasNoGap(session) && lastLeft(session) != null,
                (events, at) -> events.add(Told.got("planted", "#z#9", Level.AGREED, 999_999, leftIn(events))));
    }

    @Test
    void g40_aMessageWithOtherTargetsThanSent_isFound() {
        requireFound(
                new Integrity(), (session, i) -> session.events().get(i) instanceof Event.Delivered, (events, at) -> {
                    Event.Delivered got = (Event.Delivered) events.get(at);
                    events.set(
                            at,
                            new Event.Delivered(
                                    got.messageId(), got.sender(), List.of("other"), got.level(), got.position()));
                });
    }

    @Test
    void g42_aMessageAtAnotherPositionAtOneMember_isFound() {
        requireFound(
                new TotalOrder(),
                (session, i) -> session.events().get(i) instanceof Event.Delivered got
                        && got.position() != null
                        && got.position().domain().equals("default"),
                (events, at) -> {
                    Event.Delivered got = (Event.Delivered) events.get(at);
                    Position moved = Told.at(got.position().offset() + 1_000_000);
                    events.set(
                            at, new Event.Delivered(got.messageId(), got.sender(), got.groups(), got.level(), moved));
                    events.add(new Event.Delivered(
                            got.messageId(), got.sender(), got.groups(), got.level(), got.position()));
                });
    }

    private static void requireFound(Checker checker, Mutation.Where where, Mutation.Edit edit) {
        requireFound(checker, mutation -> where, edit);
    }

    private static void requireFound(Checker checker, Function<Mutation, Mutation.Where> where, Mutation.Edit edit) {
        int applied = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            List<SessionHistory> mutated = at(seed, where, edit);
            if (!mutated.isEmpty()) {
                applied++;
                assertThat(checker.check(History.of(mutated)).isEmpty())
                        .as("seed %d: nothing found", seed)
                        .isFalse();
            }
        }
        assertThat(applied).as("histories in which the change was possible").isGreaterThan(APPLIED_MIN);
    }

    private static List<SessionHistory> at(long seed, Function<Mutation, Mutation.Where> where, Mutation.Edit edit) {
        Mutation mutation = new Mutation(SimulatedRun.of(seed, STEPS), seed);
        return mutation.at(where.apply(mutation), edit);
    }

    /** Whether the message came by a membership that the session was told of and that it never left. */
    private static boolean isToLastingMember(SessionHistory session, int event) {
        Event.Delivered got = (Event.Delivered) session.events().get(event);
        return got.groups().stream()
                .filter(group -> Domains.of(group).equals(got.domain()))
                .anyMatch(group -> session.events().subList(0, event).stream()
                                .anyMatch(e -> e instanceof Event.View view
                                        && view.group().equals(group))
                        && session.events().stream()
                                .noneMatch(e -> e instanceof Event.SelfLeave leave
                                        && leave.group().equals(group)));
    }

    private static String lastLeft(SessionHistory session) {
        return leftIn(session.events());
    }

    /** A group that was left and not joined again; null if there is none. */
    private static String leftIn(List<Event> events) {
        String left = null;
        for (Event event : events) {
            if (event instanceof Event.SelfLeave leave) {
                left = leave.group();
            } else if (event instanceof Event.View view && view.group().equals(left)) {
                left = null;
            }
        }
        return left;
    }
}
