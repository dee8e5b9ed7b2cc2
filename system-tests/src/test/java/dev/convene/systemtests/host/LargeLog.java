package dev.convene.systemtests.host;

import dev.convene.group.GroupListener;
import dev.convene.group.GroupShard;
import dev.convene.protocol.Position;
import dev.convene.protocol.group.GroupCommand;
import dev.convene.protocol.log.Encoder;
import dev.convene.protocol.log.LogEntry;
import dev.convene.protocol.log.Origin;
import dev.convene.protocol.log.SessionEvent;
import dev.convene.runtime.host.HostSettings;
import dev.convene.runtime.host.Instance;
import dev.convene.runtime.host.ShardHost;
import dev.convene.runtime.host.log.Clocks;
import dev.convene.runtime.host.log.TopicDefinition;
import dev.convene.runtime.host.log.Topics;
import dev.convene.runtime.host.snapshot.SnapshotPlan;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;

/**
 * A group log of one partition with very many members, written by the test itself, and the processes that hold it. One
 * gateway life and its sessions stand in it as the sessions log would have told them.
 */
final class LargeLog {
    /** The gateway life that asks. */
    static final long LIFE = 1;

    private static final int GROUPS_OF_A_SESSION = 50;
    private static final int MEMBERS_OF_A_GROUP = 5;
    private static final int IN_A_RECORD = 1000;
    private static final long FIRST_SESSION = 1000;

    private final String bootstrapServers;
    private final String name;

    LargeLog(String bootstrapServers, String name) {
        this.bootstrapServers = bootstrapServers;
        this.name = name;
    }

    String name() {
        return name;
    }

    TopicPartition partition() {
        return new TopicPartition(Topics.ofLog(name), 0);
    }

    /** An instance that holds nothing yet. */
    Instance instance(String instanceName, boolean holder) {
        Instance.Settings settings = Instance.Settings.of(
                        instanceName, holder ? "large" : "test", holder ? List.of(name) : List.of(), bootstrapServers)
                .withDefinitions(definitions());
        return Instance.start(settings, Clocks.SYSTEM, new SimpleMeterRegistry());
    }

    private List<TopicDefinition> definitions() {
        List<TopicDefinition> definitions = new ArrayList<>(TopicDefinition.all().stream()
                .filter(d ->
                        List.of(Topics.ANSWERS, Topics.BEATS, Topics.MANIFESTS).contains(d.name()))
                .toList());
        definitions.add(new TopicDefinition(Topics.ofLog(name), 1, Map.of("max.message.bytes", "4194304")));
        definitions.add(new TopicDefinition(Topics.ofSnapshots(name), 1, Map.of()));
        return definitions;
    }

    /** Holds the shard; a snapshot is due after so many records. */
    ShardHost<GroupCommand> hold(Instance instance, long recordsPerSnapshot) {
        SnapshotPlan plan = new SnapshotPlan(
                recordsPerSnapshot, Long.MAX_VALUE / 4, Duration.ofHours(1), 2, Duration.ZERO, Long.MAX_VALUE);
        return new ShardHost<>(
                instance,
                name,
                () -> new GroupShard(GroupListener.NONE),
                HostSettings.DEFAULT.withSnapshots(plan).withHandOverAfter(Duration.ZERO));
    }

    /** Writes the sessions and their joins: so many members, five in each group, fifty groups for each session. */
    void fill(Instance writer, int members) {
        int sessions = members / GROUPS_OF_A_SESSION;
        int groups = members / MEMBERS_OF_A_GROUP;
        List<CompletableFuture<Long>> written = new ArrayList<>();
        List<SessionEvent> told = new ArrayList<>();
        told.add(new SessionEvent.GatewayAttached(LIFE, "gateway"));
        for (int session = 0; session < sessions; session++) {
            told.add(new SessionEvent.SessionAttached(
                    FIRST_SESSION + session, 0, LIFE, "#s" + session + "#gateway", true));
        }
        for (int from = 0; from < told.size(); from += IN_A_RECORD) {
            append(writer, forwards(from, told.subList(from, Math.min(told.size(), from + IN_A_RECORD))), written);
        }
        for (int from = 0; from < members; from += IN_A_RECORD) {
            List<LogEntry.Command> joins = new ArrayList<>();
            for (int i = from; i < Math.min(members, from + IN_A_RECORD); i++) {
                byte[] join = new GroupCommand.Join("team/" + i % groups, "", true, new byte[0]).toBytes();
                long session = FIRST_SESSION + i / GROUPS_OF_A_SESSION;
                joins.add(new LogEntry.Command(new Origin(LIFE, session, 0, 0, 0, 0, ""), join, null));
            }
            append(writer, new LogEntry.Commands(joins), written);
        }
        written.forEach(TestGateway::within);
    }

    private static LogEntry forwards(int from, List<SessionEvent> events) {
        List<LogEntry.Forward> forwards = new ArrayList<>();
        for (int i = 0; i < events.size(); i++) {
            Encoder out = new Encoder();
            events.get(i).write(out);
            forwards.add(new LogEntry.Forward(Position.of(from + i), true, out.toBytes()));
        }
        return new LogEntry.Forwards("sessions", 0, "test", forwards);
    }

    /** So many records that change nothing. */
    void addProbes(Instance writer, int records) {
        List<CompletableFuture<Long>> written = new ArrayList<>();
        for (int i = 0; i < records; i++) {
            append(writer, new LogEntry.Probe(i), written);
        }
        written.forEach(TestGateway::within);
    }

    private void append(Instance writer, LogEntry entry, List<CompletableFuture<Long>> written) {
        // One at a time now and then, so that less is on its way than the writer allows.
        if (written.size() >= 64) {
            TestGateway.within(written.get(written.size() - 64));
        }
        written.add(writer.writer().append(Topics.ofLog(name), 0, entry.toBytes()));
    }
}
