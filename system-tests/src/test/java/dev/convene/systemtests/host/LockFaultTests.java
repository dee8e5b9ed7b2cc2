package dev.convene.systemtests.host;

import static dev.convene.systemtests.host.HostedLog.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.convene.runtime.host.ReaderShard;
import dev.convene.runtime.host.log.LogReader;
import dev.convene.runtime.host.log.Topics;
import dev.convene.runtime.machine.EffectSink;
import dev.convene.systemtests.FreePorts;
import dev.convene.systemtests.cluster.BrokerProcess;
import dev.convene.testkit.check.linear.Limits;
import dev.convene.testkit.check.linear.Linearizability;
import dev.convene.testkit.check.linear.LockModel;
import dev.convene.testkit.check.linear.LockModel.Input;
import dev.convene.testkit.check.linear.LockModel.Output;
import dev.convene.testkit.check.linear.Operation;
import dev.convene.testkit.check.linear.Outcome;
import dev.convene.testkit.check.linear.Verdict;
import dev.convene.testkit.reference.LockCommand;
import dev.convene.testkit.reference.LockShard;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The reference shard on the real host: a broker and two instances, each a process of its own, are killed and paused while
 * clients take locks and give them back. What the clients saw is linearizable, and each grant was counted once in the other
 * partition.
 */
@Tag("faults")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class LockFaultTests {
    private static final int SOME = 80;
    private static final Duration START_PATIENCE = Duration.ofMinutes(2);

    private final long seed = Long.getLong("convene.seed", System.nanoTime());
    private final Map<String, JvmProcess> instances = new TreeMap<>();

    private Path directory;
    private int port;
    private int starts;
    private JvmProcess broker;
    private HostedLog<LockCommand> log;
    private LockGateway gateway;

    @BeforeAll
    void start(@TempDir Path temporary) {
        directory = temporary;
        port = FreePorts.next();
        startBroker();
        log = new HostedLog<>("127.0.0.1:" + port, LockShard.LOG);
        gateway = log.closing(new LockGateway(log));
        startInstance("one");
        startInstance("two");
        await().atMost(START_PATIENCE)
                .until(() -> !gateway.owner(0).isEmpty() && !gateway.owner(1).isEmpty());
    }

    @AfterAll
    void stop() throws Exception {
        instances.values().forEach(JvmProcess::close);
        log.close();
        broker.close();
    }

    /** After a test that failed half-way. */
    @BeforeEach
    void startWhatIsGone() {
        for (String name : List.of("one", "two")) {
            if (instances.get(name).isAlive()) {
                instances.get(name).signal("CONT");
            } else {
                startInstance(name);
            }
        }
    }

    private void startBroker() {
        broker = JvmProcess.start(
                BrokerProcess.class,
                directory.resolve("broker" + ++starts),
                List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                directory.resolve("data").toString(),
                Integer.toString(port));
        try (Admin kafka = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:" + port))) {
            await().atMost(START_PATIENCE)
                    .ignoreExceptions()
                    .until(() -> !kafka.describeCluster()
                            .nodes()
                            .get(5, TimeUnit.SECONDS)
                            .isEmpty());
        }
    }

    private void startInstance(String name) {
        instances.put(
                name,
                ShardProcess.start(
                        ShardProcess.Shards.LOCKS,
                        "127.0.0.1:" + port,
                        log.name(),
                        name,
                        directory.resolve(name + ++starts)));
    }

    private void kill(String name) {
        instances.get(name).signal("KILL");
    }

    private static String other(String name) {
        return name.equals("one") ? "two" : "one";
    }

    @Test
    void locksOutliveKillsOfTheOwner() {
        LockTraffic traffic = new LockTraffic(gateway, "kill", seed);
        for (int round = 0; round < 4; round++) {
            traffic.awaitMore(SOME);
            // Of the locks, of the counts, and again.
            String owner = gateway.owner(round % 2);
            kill(owner);
            awaitOwners(other(owner));
            traffic.awaitMore(SOME);
            startInstance(owner);
        }
        judge(traffic, "kill -9 of the owner");
    }

    @Test
    void anOwnerThatStandsStillAndGoesOnDoesNoHarm() {
        LockTraffic traffic = new LockTraffic(gateway, "pause", seed);
        for (int partition = 0; partition < 2; partition++) {
            traffic.awaitMore(SOME);
            String owner = gateway.owner(partition);
            instances.get(owner).signal("STOP");
            awaitOwners(other(owner));
            traffic.awaitMore(SOME);
            instances.get(owner).signal("CONT");
            traffic.awaitMore(SOME);
        }
        judge(traffic, "SIGSTOP of the owner");
    }

    /** The other instance may still be on its way up; then it takes over when it is there. */
    private void awaitOwners(String name) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(List.of(gateway.owner(0), gateway.owner(1)))
                        .as("owners of the locks and of the counts")
                        .containsOnly(name));
    }

    @Test
    void locksOutliveTheLossOfTheBroker() {
        LockTraffic traffic = new LockTraffic(gateway, "broker", seed);
        for (int round = 0; round < 2; round++) {
            traffic.awaitMore(SOME);
            broker.signal("KILL");
            traffic.awaitUnknown();
            startBroker();
            traffic.awaitMore(SOME);
        }
        judge(traffic, "kill -9 of the broker");
    }

    /** When the chunks of a snapshot are written and nobody may see it, and when it has just become visible. */
    @Test
    void nothingIsLostBetweenAnEffectAndItsSnapshot() {
        LockTraffic traffic = new LockTraffic(gateway, "snapshot", seed);
        traffic.awaitMore(SOME);
        kill("two");
        for (int round = 0; round < 4; round++) {
            awaitOwners("one");
            killAtTheNextRecordOf(round % 2 == 0 ? Topics.ofSnapshots(log.name()) : Topics.MANIFESTS);
            startInstance("one");
        }
        traffic.awaitMore(SOME);
        startInstance("two");
        judge(traffic, "kill -9 around a snapshot");
    }

    private void killAtTheNextRecordOf(String topic) {
        CompletableFuture<Void> killed = new CompletableFuture<>();
        TopicPartition partition = new TopicPartition(topic, 0);
        try (LogReader reader = gateway.instance().newReader("watch")) {
            long end = TestGateway.within(gateway.instance().admin().end(partition));
            reader.add(partition, end, record -> {
                if (!killed.isDone()) {
                    kill("one");
                    killed.complete(null);
                }
            });
            TestGateway.within(killed);
        }
    }

    @Test
    void everyInstanceStartsAgainFromASnapshot() {
        LockTraffic traffic = new LockTraffic(gateway, "restart", seed);
        for (int round = 0; round < 2; round++) {
            // Records below the oldest snapshot are deleted then, so that nobody can begin at the beginning.
            await().atMost(PATIENCE).until(() -> beginOfLocks() > 0);
            traffic.awaitMore(SOME);
            kill("one");
            kill("two");
            startInstance("one");
            startInstance("two");
            traffic.awaitMore(SOME);
        }
        judge(traffic, "kill -9 of every instance");
    }

    private long beginOfLocks() {
        return TestGateway.within(gateway.instance().admin().begin(new TopicPartition(log.topic(), 0)));
    }

    private void judge(LockTraffic traffic, String fault) {
        traffic.stop();
        System.out.println("MEASURED locks, " + fault + ": " + traffic.figures());
        assertThat(gateway.faults()).isEmpty();
        Linearizability<Optional<String>, Input, Output> checker =
                new Linearizability<>(new LockModel(), new Limits(20_000_000, 500_000, Duration.ofSeconds(30)));
        try {
            checker.requireOk(traffic.operations());
        } catch (AssertionError e) {
            throw new AssertionError("with -Dconvene.seed=" + seed + ": " + e.getMessage(), e);
        }
        assertThat(checker.check(withoutARelease(traffic.operations()))).isInstanceOf(Verdict.Violation.class);
        eachGrantWasCountedOnce(traffic);
    }

    /** The record with a fault planted in it: somebody has a lock that its holder never gave back. */
    private static List<Operation<Input, Output>> withoutARelease(List<Operation<Input, Output>> operations) {
        Operation<Input, Output> release = operations.stream()
                .filter(one -> hasReturned(one, Output.RELEASED) && isHeldForCertain(one.client(), operations))
                .findFirst()
                .orElseThrow();
        List<Operation<Input, Output>> rest = new ArrayList<>(operations);
        rest.remove(release);
        return rest;
    }

    /** The owner was told that it has the lock, and has it for as long as it likes. */
    private static boolean isHeldForCertain(String owner, List<Operation<Input, Output>> operations) {
        List<Operation<Input, Output>> owners =
                operations.stream().filter(one -> one.client().equals(owner)).toList();
        return owners.size() == 2 && hasReturned(owners.getFirst(), Output.ACQUIRED);
    }

    private static boolean hasReturned(Operation<Input, Output> operation, Output output) {
        return operation.outcome().equals(new Outcome.Returned<>(output));
    }

    /** In the other partition, as a machine has it that begins from a snapshot now. */
    private void eachGrantWasCountedOnce(LockTraffic traffic) {
        try (LogReader reader = gateway.instance().newReader("counts");
                ReaderShard<LockCommand> counts = new ReaderShard<>(
                        gateway.instance(),
                        reader,
                        log.name(),
                        LockShard.COUNTS_PARTITION,
                        LockShard::new,
                        () -> EffectSink.NONE)) {
            counts.start();
            await().atMost(PATIENCE).untilAsserted(() -> {
                Map<String, Long> counted = new HashMap<>();
                TestGateway.within(counts.inspectAsOfNow(machine -> Map.copyOf(((LockShard) machine.shard()).grants())))
                        .forEach((lock, count) -> {
                            if (traffic.isOurs(lock)) {
                                counted.put(lock, count);
                            }
                        });
                assertThat(counted).isEqualTo(traffic.grants());
            });
        }
    }
}
