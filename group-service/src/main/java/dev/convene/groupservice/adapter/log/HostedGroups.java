package dev.convene.groupservice.adapter.log;

import dev.convene.group.GroupSettings;
import dev.convene.group.GroupShard;
import dev.convene.group.Groups;
import dev.convene.groupservice.core.groups.GroupReplicas;
import dev.convene.groupservice.core.groups.HistoryPointer;
import dev.convene.groupservice.core.sessions.SessionsShard;
import dev.convene.protocol.At;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Names;
import dev.convene.protocol.Position;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.protocol.group.GroupCommand;
import dev.convene.protocol.log.LogEntry;
import dev.convene.protocol.session.SessionReply;
import dev.convene.runtime.host.log.Topics;
import dev.convene.runtime.machine.ShardMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Asks the replicas that this process holds; a question about a shard that it does not hold is refused as starting. */
public final class HostedGroups implements GroupReplicas {
    private static final String TOPIC = Topics.ofLog(SessionsShard.GROUPS_LOG);

    private final HostedShards shards;
    private final BrokerCalls broker;

    public HostedGroups(HostedShards shards) {
        this.shards = shards;
        this.broker = new BrokerCalls(shards);
    }

    @Override
    public <T> CompletableFuture<T> ask(String domain, BiFunction<Groups, At, T> question) {
        return partitionOf(domain)
                .thenCompose(partition -> inspect(
                        partition,
                        machine -> question.apply(
                                groups(machine), at(domain, machine.view().nextOffset() - 1))));
    }

    @Override
    public <T> CompletableFuture<List<T>> askAll(Function<Groups, T> question) {
        List<CompletableFuture<T>> answers = new ArrayList<>();
        int partitions = shards.running().instance().partitions(TOPIC);
        for (int partition = 0; partition < partitions; partition++) {
            answers.add(inspect(partition, machine -> question.apply(groups(machine))));
        }
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(all -> answers.stream().map(CompletableFuture::join).toList());
    }

    @Override
    public CompletableFuture<Void> change(GroupOperation.Settings asked) {
        if (asked.historyMs() == null && asked.historyBytes() == null) {
            return CompletableFuture.completedFuture(null);
        }
        return partitionOf(Names.domainOf(asked.group()))
                .thenCompose(partition -> inspect(
                                partition, machine -> changed(groups(machine).settings(asked.group()), asked))
                        .thenCompose(command -> broker.call(() -> append(partition, command)))
                        .thenCompose(offset -> broker.call(
                                        () -> shards.running().groups().inspectAsOfNow(partition, ShardMachine::view))
                                .exceptionallyCompose(e -> CompletableFuture.failedFuture(
                                        new ConveneException(ErrorCode.OUTCOME_UNKNOWN))))
                        .thenAccept(applied -> {}));
    }

    private static GroupCommand changed(GroupSettings present, GroupOperation.Settings asked) {
        return new GroupCommand.SetSettings(
                asked.group(),
                orElse(asked.historyMs(), present.historyMs()),
                orElse(asked.historyBytes(), present.historyBytes()));
    }

    private static long orElse(@Nullable Long asked, long present) {
        return asked == null ? present : asked;
    }

    private CompletableFuture<Long> append(int partition, GroupCommand command) {
        byte[] record = new LogEntry.Unasked(command.toBytes()).toBytes();
        return shards.running().instance().writer().append(TOPIC, partition, record);
    }

    @Override
    public CompletableFuture<HistoryPointer> history(String group) {
        String domain = Names.domainOf(group);
        return partitionOf(domain).thenCompose(partition -> {
            TopicPartition place = new TopicPartition(TOPIC, partition);
            return broker.call(() -> shards.running().instance().admin().begin(place))
                    .thenCombine(
                            inspect(partition, machine -> machine.view().nextOffset()),
                            (first, next) ->
                                    new HistoryPointer(group, TOPIC, partition, at(domain, first), at(domain, next)));
        });
    }

    private CompletableFuture<Integer> partitionOf(String domain) {
        return shards.running()
                .sessions()
                .inspect(0, machine -> ((SessionsShard) machine.shard()).domain(SessionsShard.GROUPS_LOG, domain))
                .thenApply(HostedGroups::known);
    }

    private static int known(SessionReply.@Nullable Domain domain) {
        if (domain == null) {
            throw new ConveneException(
                    ErrorCode.NO_SUCH_GROUP, "group", "nobody has used the domain of this group yet");
        }
        return domain.partition();
    }

    private <T> CompletableFuture<T> inspect(int partition, Function<ShardMachine<GroupCommand>, T> question) {
        return shards.running().groups().inspect(partition, question);
    }

    private static Groups groups(ShardMachine<GroupCommand> machine) {
        return ((GroupShard) machine.shard()).groups();
    }

    private At at(String domain, long offset) {
        String epoch =
                shards.running().instance().epoch(SessionsShard.GROUPS_LOG).text();
        return new At(domain, epoch, new Position(Math.max(-1, offset), 0));
    }
}
