package dev.convene.systemtests.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.group.Delivery;
import dev.convene.group.GroupShard;
import dev.convene.protocol.group.GroupCommand;
import dev.convene.runtime.host.log.Topics;
import dev.convene.runtime.machine.EffectSink;
import dev.convene.runtime.machine.ShardMachine;
import dev.convene.systemtests.raw.ExactRule;
import dev.convene.testkit.sim.MemoryLog;
import dev.convene.testkit.sim.Seeds;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The exact rule of docs/guide/reading-the-log.md on the logs of simulated systems, which hold what lost gateways, moved
 * sessions and repeated appends have left: by it exactly those records count that the state machine delivered.
 */
class RawReaderSimulationTests {
    private static final int SEEDS = 12;
    private static final Duration BUDGET = Duration.ofSeconds(60);

    @Test
    void theExactRuleAgreesWithTheStateMachine() {
        int[] messages = {0};
        int[] counting = {0};
        Seeds.each(SEEDS, BUDGET, seed -> {
            GroupsRun run = seed % 2 == 0 ? new GroupsRun(seed, null) : GroupsRun.ofProduct(seed);
            run.run();
            for (int partition = 0; partition < run.partitions(); partition++) {
                MemoryLog log = run.broker().log(Topics.ofLog(GroupsRun.GROUPS), partition);
                Set<Long> delivered = delivered(log, partition);
                assertThat(counting(log)).as("seed " + seed).isEqualTo(delivered);
                messages[0] += (int) log.all().stream()
                        .filter(entry -> entry.header() != null)
                        .count();
                counting[0] += delivered.size();
            }
        });
        System.out.println("MEASURED raw reading of simulated logs: " + messages[0] + " message records, " + counting[0]
                + " count");
        assertThat(counting[0]).isGreaterThan(100).isLessThan(messages[0]);
    }

    private static Set<Long> counting(MemoryLog log) {
        ExactRule rule = new ExactRule(true);
        return log.all().stream()
                .filter(entry -> rule.counts(entry.header(), entry.value(), 0))
                .map(MemoryLog.Entry::offset)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<Long> delivered(MemoryLog log, int partition) {
        Set<Long> offsets = new TreeSet<>();
        ShardMachine<GroupCommand> machine = new ShardMachine<>(
                new GroupShard(new Telling(partition, (session, told) -> {}) {
                    @Override
                    public void message(Delivery delivery) {
                        offsets.add(delivery.at().offset());
                    }
                }),
                Set.of());
        log.all().forEach(entry -> machine.apply(entry.offset(), entry.header(), entry.value(), EffectSink.NONE));
        return offsets;
    }
}
