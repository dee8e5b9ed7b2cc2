package dev.convene.testkit.machine;

import static dev.convene.testkit.machine.MachineBench.numbered;
import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.log.LogEntry;
import dev.convene.runtime.machine.MachineLimits;
import dev.convene.runtime.machine.MachineView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Ticks move both clocks; timers are never early. */
class TimeTests {
    private final MachineBench bench = new MachineBench();
    private long number;

    @BeforeEach
    void term() {
        bench.append(new LogEntry.Term(1, "i"));
    }

    private void send(String command) {
        bench.send(numbered(1, 1, 0, ++number), command);
    }

    private List<String> due() {
        return bench.shard.seen.stream().filter(word -> word.startsWith("due")).toList();
    }

    @Test
    void aDelayBeginsWithTheNextTickAndIsNeverEarly() {
        bench.tick(1, 1000, 0);
        send("after 500 7");
        MachineView view = bench.machine.view();
        assertThat(view.hasUnstampedTimers()).isTrue();
        bench.tick(1, 1200, 0);
        assertThat(view.hasUnstampedTimers()).isFalse();
        assertThat(view.nextServedMs()).isEqualTo(1700);
        bench.tick(1, 1699, 0);
        assertThat(due()).isEmpty();
        bench.tick(1, 1700, 0);
        assertThat(due()).containsExactly("due 1 7 1700 0");
    }

    @Test
    void aTickAddsTwoSecondsAtMost() {
        send("after 3000 7");
        bench.tick(1, 1_000_000, 5_000_000);
        assertThat(bench.machine.view().servedMs()).isEqualTo(MachineLimits.TICK_ADDS_MAX_MS);
        assertThat(bench.machine.view().wallMs()).isEqualTo(5_000_000);
        assertThat(due()).isEmpty();
    }

    @Test
    void timeNeverGoesBack() {
        bench.tick(1, 1000, 500);
        bench.tick(1, 900, 400);
        assertThat(bench.machine.view().servedMs()).isEqualTo(1000);
        assertThat(bench.machine.view().wallMs()).isEqualTo(500);
    }

    @Test
    void aTickOfAnotherTermIsVoid() {
        bench.append(new LogEntry.Term(2, "j"));
        bench.tick(1, 1000, 1000);
        bench.tick(3, 1000, 1000);
        assertThat(bench.machine.view().servedMs()).isZero();
        bench.tick(2, 1000, 1000);
        assertThat(bench.machine.view().servedMs()).isEqualTo(1000);
    }

    @Test
    void theFirstClaimOfATermWinsAndTermsAreNotSkipped() {
        bench.append(new LogEntry.Term(2, "j"));
        bench.append(new LogEntry.Term(2, "k"));
        bench.append(new LogEntry.Term(4, "l"));
        assertThat(bench.machine.view().term()).isEqualTo(2);
        assertThat(bench.machine.view().owner()).isEqualTo("j");
    }

    @Test
    void anOwnerCommandOfAnOldTermIsVoid() {
        bench.append(new LogEntry.OwnerCommand(1, "add x".getBytes()));
        bench.append(new LogEntry.Term(2, "j"));
        bench.append(new LogEntry.OwnerCommand(1, "add late".getBytes()));
        assertThat(bench.shard.seen).contains("add x").doesNotContain("add late");
    }

    @Test
    void wallTimersAreDueWhenTheirMomentHasPassed() {
        bench.tick(1, 1, 1000);
        send("at 1500 7");
        send("at 999 8");
        assertThat(due()).isEmpty();
        bench.tick(1, 2, 1000);
        assertThat(due()).containsExactly("due 2 8 2 1000");
        bench.tick(1, 3, 1500);
        assertThat(due()).hasSize(2);
    }

    @Test
    void aTimerThatSetsItselfForAPastMomentIsDueOncePerTick() {
        bench.tick(1, 1, 1000);
        send("at 10 " + ProbeShard.AGAIN);
        bench.tick(1, 2, 1001);
        bench.tick(1, 3, 1002);
        assertThat(due()).hasSize(2);
    }

    @Test
    void timersOfOneMomentAreDueInTheOrderInWhichTheyWereSet() {
        send("after 5 1");
        send("after 5 2");
        send("after 4 3");
        bench.tick(1, 1, 0);
        bench.tick(1, 100, 0);
        assertThat(due()).containsExactly("due 1 3 100 0", "due 1 1 100 0", "due 1 2 100 0");
    }

    /** A timer as a person would write it down. */
    private record Line(long id, long delay, long moment, boolean stamped, boolean wall) {}

    @Test
    void randomTimersBehaveAsAListOfThemDoes() {
        Random random = new Random(5);
        for (int run = 0; run < 20; run++) {
            runAgainstModel(random.nextLong());
        }
    }

    private static void runAgainstModel(long seed) {
        Random random = new Random(seed);
        MachineBench bench = new MachineBench();
        bench.append(new LogEntry.Term(1, "i"));
        List<Line> model = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        long served = 0;
        long wall = 0;
        long ids = 0;
        for (long number = 1; number <= 120; number++) {
            String command;
            if (random.nextInt(4) == 0 && ids > 0) {
                long id = 1 + random.nextLong(ids);
                command = "cancel " + id;
                model.removeIf(line -> line.id == id);
            } else if (random.nextInt(3) == 0) {
                long moment = wall + random.nextInt(40) - 5;
                long id = ++ids;
                command = "at " + Math.max(0, moment) + " " + id;
                model.add(new Line(id, 0, moment, moment > wall, moment > wall));
            } else {
                long delay = random.nextInt(30);
                long id = ++ids;
                command = "after " + delay + " " + id;
                model.add(new Line(id, delay, 0, false, false));
            }
            bench.send(numbered(1, 1, 0, number), command);
            if (random.nextInt(3) == 0) {
                served += random.nextInt(15);
                wall += random.nextInt(15);
                bench.tick(1, served, wall);
                expected.addAll(tick(model, served, wall));
                List<String> keys = bench.shard.seen.stream()
                        .filter(word -> word.startsWith("due"))
                        .map(word -> word.split(" ")[2])
                        .toList();
                assertThat(keys).as("seed " + seed).isEqualTo(expected);
            }
        }
    }

    private static List<String> tick(List<Line> model, long served, long wall) {
        model.replaceAll(line ->
                line.stamped || line.wall ? line : new Line(line.id, line.delay, served + line.delay, true, false));
        List<Line> due = new ArrayList<>(model);
        due.removeIf(line -> line.moment > (line.wall ? wall : served));
        due.sort(
                Comparator.comparing(Line::wall).thenComparingLong(Line::moment).thenComparingLong(Line::id));
        model.removeAll(due);
        return due.stream().map(line -> Long.toString(line.id)).toList();
    }
}
