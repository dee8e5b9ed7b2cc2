package dev.convene.testkit.check.order;

import static dev.convene.testkit.check.order.Level.AGREED;
import static dev.convene.testkit.check.order.Told.acked;
import static dev.convene.testkit.check.order.Told.got;
import static dev.convene.testkit.check.order.Told.joined;
import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.testkit.check.CpuTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LargeHistoryTests {

    private static final int MEMBERS = 20;
    private static final int MESSAGES = 48_000;

    /** Of processor time; generous: it takes a few seconds. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Test
    void aMillionEvents_areCheckedInSeconds() throws Throwable {
        CpuTime.requireWithin(LIMIT, () -> {
            History history = History.of(sessions(-1));

            assertThat(history.events()).isGreaterThan(1_000_000);
            assertThat(new GroupGuarantees().check(history)).isEmpty();
        });
    }

    @Test
    void g26_oneSwapAmongAMillionEvents_isFound() throws Throwable {
        CpuTime.requireWithin(LIMIT, () -> {
            Violations found = new GroupGuarantees().check(History.of(sessions(40_000)));

            assertThat(found)
                    .anyMatch(violation -> violation instanceof OrderViolation.Contradiction contradiction
                            && contradiction.steps().size() == 2);
        });
    }

    /** Every member sends in turn and everybody gets everything; one member gets two messages in the other order. */
    private static List<SessionHistory> sessions(int swappedAt) {
        List<String> names = new ArrayList<>();
        for (int s = 0; s < MEMBERS; s++) {
            names.add("#n" + s + "#" + s % 3);
        }
        List<List<Event>> logs = new ArrayList<>();
        for (int s = 0; s < MEMBERS; s++) {
            logs.add(new ArrayList<>());
            for (List<Event> log : logs) {
                log.add(joined("g", s, names.get(s), names.subList(0, s + 1).toArray(new String[0])));
            }
        }
        for (int m = 0; m < MESSAGES; m++) {
            int sender = m % MEMBERS;
            logs.get(sender).add(acked("m" + m, AGREED, MEMBERS + m, "g"));
            for (List<Event> log : logs) {
                log.add(got("m" + m, names.get(sender), AGREED, MEMBERS + m, "g"));
            }
        }
        if (swappedAt >= 0) {
            swapDeliveries(logs.getFirst(), swappedAt);
        }
        List<SessionHistory> sessions = new ArrayList<>();
        for (int s = 0; s < MEMBERS; s++) {
            sessions.add(new SessionHistory("s" + s, names.get(s), Ending.DRAINED, logs.get(s)));
        }
        return sessions;
    }

    private static void swapDeliveries(List<Event> log, int from) {
        int at = from;
        while (!(log.get(at) instanceof Event.Delivered && log.get(at + 1) instanceof Event.Delivered)) {
            at++;
        }
        Mutation.swapWithNext(log, at);
    }
}
