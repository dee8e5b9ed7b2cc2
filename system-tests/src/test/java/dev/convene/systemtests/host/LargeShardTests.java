package dev.convene.systemtests.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.convene.runtime.host.Instance;
import dev.convene.runtime.host.beat.Beat;
import dev.convene.runtime.host.snapshot.Manifest;
import dev.convene.standalone.broker.BrokerOptions;
import dev.convene.standalone.broker.EmbeddedBroker;
import dev.convene.testkit.Slack;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A shard with very many entities: it is taken over, and started from a snapshot, as quickly as a small one. */
class LargeShardTests {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int RECORDS_PER_SNAPSHOT = 5000;
    /** Writing out a million entities takes longer. */
    private static final Duration PAUSE_MAX = Slack.of(Duration.ofMillis(250));

    @TempDir
    private Path directory;

    /** More than a shard's thread writes out by itself. */
    @Tag("faults")
    @Test
    void threeHundredThousandEntitiesAreTakenOverWithinTwoSeconds() {
        isTakenOverAndStartedFromASnapshot(300_000);
    }

    @Tag("full")
    @Test
    void aMillionEntitiesAreTakenOverWithinTwoSeconds() {
        isTakenOverAndStartedFromASnapshot(1_000_000);
    }

    private void isTakenOverAndStartedFromASnapshot(int members) {
        try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerOptions.in(directory.resolve("data")))) {
            LargeLog log = new LargeLog(broker.bootstrapServers(), "large");
            try (Instance observer = log.instance("observer", false)) {
                log.fill(observer, members);
                new Run(broker.bootstrapServers(), log, observer, members).snapshotThenTakeover();
            }
        }
    }

    private final class Run {
        private final String bootstrapServers;
        private final LargeLog log;
        private final Instance observer;
        private final int members;

        Run(String bootstrapServers, LargeLog log, Instance observer, int members) {
            this.bootstrapServers = bootstrapServers;
            this.log = log;
            this.observer = observer;
            this.members = members;
        }

        private JvmProcess start(String name) {
            return LargeProcess.start(
                    bootstrapServers, log, name, RECORDS_PER_SNAPSHOT, directory.resolve(name + ".log"));
        }

        void snapshotThenTakeover() {
            long startNanos = System.nanoTime();
            try (JvmProcess first = start("one")) {
                awaitStanding("one", Beat.Standing.OWNER);
                measured("start with the whole log", since(startNanos));
                try (SteadyAsker asker = new SteadyAsker(log, observer)) {
                    snapshotWhileAsked(first, asker);
                    long secondNanos = System.nanoTime();
                    try (JvmProcess second = start("two")) {
                        awaitStanding("two", Beat.Standing.STANDBY);
                        measured("start from a snapshot", since(secondNanos));
                        measured("loading alone", last(second, "from snapshot .* in (\\d+ ms)"));
                        takeOver(first, asker);
                        second.tell(' ');
                        measured("heap of a replica, MiB", last(second, "heap (\\d+) MiB"));
                    }
                }
            }
        }

        /** The shard answers on while its only replica makes a snapshot of it. */
        private void snapshotWhileAsked(JvmProcess owner, SteadyAsker asker) {
            log.addProbes(observer, RECORDS_PER_SNAPSHOT);
            await().atMost(PATIENCE).until(() -> newest() != null);
            measured("longest wait for an answer meanwhile", asker.longest().toMillis() + " ms");
            measured("snapshot, bytes", Long.toString(newest().sizeBytes()));
            measured("writing it", last(owner, "wrote snapshot .* from a second machine in (\\d+ ms)"));
            String stood = last(owner, "the shard stood still for (\\d+) ms");
            measured("the shard stood still, ms", stood);
            assertThat(Duration.ofMillis(Long.parseLong(stood))).isLessThan(PAUSE_MAX);
        }

        private void takeOver(JvmProcess owner, SteadyAsker asker) {
            assertThat(standing("one")).isEqualTo(Beat.Standing.OWNER);
            asker.longest();
            owner.signal("KILL");
            awaitStanding("two", Beat.Standing.OWNER);
            long before = asker.answers();
            await().atMost(PATIENCE).until(() -> asker.answers() > before + 1);
            Duration took = asker.longest();
            measured("takeover after kill -9", took.toMillis() + " ms");
            assertThat(took).isLessThan(Slack.of(Duration.ofSeconds(2)));
        }

        private Manifest newest() {
            List<Manifest> all = observer.snapshots().manifests(log.name(), 0, observer.epoch(log.name()));
            return all.isEmpty() ? null : all.getFirst();
        }

        private void awaitStanding(String instance, Beat.Standing standing) {
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(10)).until(() -> standing(instance) == standing);
        }

        private Beat.Standing standing(String instance) {
            return observer.beats().book().heardWithin(1500, observer.clocks().monotonicMs()).stream()
                    .filter(beat -> beat.life().instance().equals(instance))
                    .flatMap(beat -> beat.held().stream())
                    .map(Beat.Held::standing)
                    .findFirst()
                    .orElse(null);
        }

        private String last(JvmProcess process, String expression) {
            Pattern pattern = Pattern.compile(expression);
            await().atMost(PATIENCE).until(() -> process.lastOutput(pattern).isPresent());
            return process.lastOutput(pattern).orElseThrow().group(1);
        }

        private static String since(long nanos) {
            return (System.nanoTime() - nanos) / 1_000_000 + " ms";
        }

        private void measured(String what, String value) {
            System.out.println("MEASURED large shard, " + members + " members: " + what + " " + value);
        }
    }
}
