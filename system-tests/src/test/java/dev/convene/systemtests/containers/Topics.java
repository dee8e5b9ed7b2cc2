package dev.convene.systemtests.containers;

import dev.convene.systemtests.cluster.ChildProcess;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;

/** The topics as the brokers have them. */
final class Topics implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int ANSWER_SECONDS = 30;
    private static final int REQUEST_TIMEOUT_MS = 5000;

    private final Admin kafka;

    Topics(String bootstrapServers) {
        kafka = Admin.create(Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "request.timeout.ms",
                REQUEST_TIMEOUT_MS,
                "default.api.timeout.ms",
                3 * REQUEST_TIMEOUT_MS));
    }

    int partitions(String topic) {
        return describe(topic).partitions().size();
    }

    /** Copies of the partition that has fewest. */
    int copies(String topic) {
        return describe(topic).partitions().stream()
                .mapToInt(partition -> partition.replicas().size())
                .min()
                .orElseThrow();
    }

    String setting(String topic, String setting) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        return answer(kafka.describeConfigs(List.of(resource)).values().get(resource))
                .get(setting)
                .value();
    }

    /** Alters a setting and waits until the broker says so. */
    void alter(String topic, String setting, String value) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        AlterConfigOp set = new AlterConfigOp(new ConfigEntry(setting, value), AlterConfigOp.OpType.SET);
        answer(kafka.incrementalAlterConfigs(Map.of(resource, List.of(set))).all());
        ChildProcess.await(
                setting + "=" + value, PATIENCE, () -> setting(topic, setting).equals(value));
    }

    /** The leader of a topic's partition that has most records: the one that is used. */
    int leaderOfTheLongest(String topic) {
        TopicPartitionInfo longest = null;
        long most = -1;
        for (TopicPartitionInfo partition : describe(topic).partitions()) {
            long end = end(new TopicPartition(topic, partition.partition()));
            if (end > most) {
                most = end;
                longest = partition;
            }
        }
        return longest.leader().id();
    }

    private long end(TopicPartition partition) {
        ListOffsetsResultInfo end =
                answer(kafka.listOffsets(Map.of(partition, OffsetSpec.latest())).partitionResult(partition));
        return end.offset();
    }

    /** Waits until every copy of every partition is in sync. */
    void awaitInSync() {
        await(
                "all copies to be in sync",
                () -> partitions().stream()
                        .allMatch(partition ->
                                partition.isr().size() == partition.replicas().size()));
    }

    /** Waits until the others have noticed that this broker is gone. */
    void awaitNotInSync(int node) {
        await(
                "broker " + node + " to be in sync nowhere",
                () -> partitions().stream()
                        .noneMatch(partition -> partition.isr().stream().anyMatch(broker -> broker.id() == node)));
    }

    private List<TopicPartitionInfo> partitions() {
        return answer(kafka.describeTopics(answer(kafka.listTopics().names())).allTopicNames()).values().stream()
                .flatMap(topic -> topic.partitions().stream())
                .toList();
    }

    private TopicDescription describe(String topic) {
        return answer(kafka.describeTopics(List.of(topic)).topicNameValues().get(topic));
    }

    /** Asks again where a broker that has just failed was asked. */
    private static void await(String what, BooleanSupplier isSo) {
        ChildProcess.await(what, PATIENCE, () -> {
            try {
                return isSo.getAsBoolean();
            } catch (NoAnswer e) {
                return false;
            }
        });
    }

    private static final class NoAnswer extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NoAnswer(Throwable cause) {
            super(cause);
        }
    }

    private static <T> T answer(KafkaFuture<T> future) {
        try {
            return future.get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new NoAnswer(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        kafka.close(Duration.ofSeconds(1));
    }
}
