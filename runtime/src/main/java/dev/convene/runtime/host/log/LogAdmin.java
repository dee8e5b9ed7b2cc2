package dev.convene.runtime.host.log;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Questions about logs that no consumer has to wait for: where they begin and end, what they are, and the deletion of old
 * records. Each goes through {@link RemoteCalls}, and is asked again where that does no harm. Futures complete on threads that
 * must not be blocked, and fail after {@link #TIMEOUT}, or sooner where {@link #within} says so. Thread-safe.
 */
public final class LogAdmin implements AutoCloseable {
    /** How long a question is tried, the broker being away included. */
    public static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Admin admin;
    private final RemoteCalls calls;
    private final Duration limit;

    /** With calls of its own, whose state nobody sees; for tools and tests. */
    public LogAdmin(KafkaAccess access) {
        this(
                access,
                new RemoteCalls(
                        access.clientId() + "-admin", RemoteCalls.Settings.QUESTIONS, new SimpleMeterRegistry()));
    }

    /** @param calls what stands round its questions */
    public LogAdmin(KafkaAccess access, RemoteCalls calls) {
        this(newAdmin(access), calls, TIMEOUT);
    }

    private LogAdmin(Admin admin, RemoteCalls calls, Duration limit) {
        this.admin = admin;
        this.calls = calls;
        this.limit = limit;
    }

    private static Admin newAdmin(KafkaAccess access) {
        Map<String, Object> settings = access.settings("admin");
        settings.put("default.api.timeout.ms", (int) TIMEOUT.toMillis());
        settings.put("request.timeout.ms", 3000);
        return Admin.create(settings);
    }

    /** The same client for whoever waits no longer than this. */
    public LogAdmin within(Duration patience) {
        return new LogAdmin(admin, calls, patience);
    }

    private <T> CompletableFuture<T> ask(Supplier<KafkaFuture<T>> question) {
        return calls.repeated(limit, () -> question.get().toCompletionStage().toCompletableFuture());
    }

    Admin admin() {
        return admin;
    }

    /** The offset after the last record of each partition, as of now. */
    public CompletableFuture<Map<TopicPartition, Long>> ends(Collection<TopicPartition> partitions) {
        return offsets(partitions, OffsetSpec.latest());
    }

    /** The offset after the last record of the partition, as of now. */
    public CompletableFuture<Long> end(TopicPartition partition) {
        return ends(List.of(partition)).thenApply(ends -> one(ends, partition));
    }

    /** The lowest offset that each partition still has. */
    public CompletableFuture<Map<TopicPartition, Long>> begins(Collection<TopicPartition> partitions) {
        return offsets(partitions, OffsetSpec.earliest());
    }

    /** The lowest offset that the partition still has. */
    public CompletableFuture<Long> begin(TopicPartition partition) {
        return begins(List.of(partition)).thenApply(begins -> one(begins, partition));
    }

    private static long one(Map<TopicPartition, Long> offsets, TopicPartition partition) {
        Long offset = offsets.get(partition);
        if (offset == null) {
            throw new IllegalStateException("no offset was told for " + partition);
        }
        return offset;
    }

    private CompletableFuture<Map<TopicPartition, Long>> offsets(Collection<TopicPartition> asked, OffsetSpec spec) {
        Map<TopicPartition, OffsetSpec> specs = new HashMap<>();
        asked.forEach(partition -> specs.put(partition, spec));
        return ask(() -> admin.listOffsets(specs).all()).thenApply(LogAdmin::toOffsets);
    }

    /** The first offset of the partition that is not older than this moment; -1 if there is none. */
    public CompletableFuture<Long> offsetAt(TopicPartition partition, long wallMs) {
        return offsets(List.of(partition), OffsetSpec.forTimestamp(wallMs)).thenApply(found -> one(found, partition));
    }

    private static Map<TopicPartition, Long> toOffsets(
            Map<TopicPartition, ListOffsetsResult.ListOffsetsResultInfo> infos) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        infos.forEach((partition, info) -> offsets.put(partition, info.offset()));
        return offsets;
    }

    /** What the topic is: its id and partitions. */
    public CompletableFuture<TopicDescription> describe(String topic) {
        return ask(() -> admin.describeTopics(List.of(topic)).allTopicNames())
                .thenApply(descriptions -> Objects.requireNonNull(descriptions.get(topic)));
    }

    /** Deletes the records below this offset for ever. A partition that begins later already is left as it is. */
    public CompletableFuture<Void> deleteBelow(TopicPartition partition, long offset) {
        return begin(partition).thenCompose(begin -> {
            if (begin >= offset) {
                return CompletableFuture.<Void>completedFuture(null);
            }
            return ask(() -> admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(offset)))
                    .all());
        });
    }

    /**
     * Waits for an answer of this client; for threads that may block.
     *
     * @throws KafkaException if there was none in time
     */
    public static <T> T await(CompletableFuture<T> answer, Duration timeout) {
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            Throwable cause = unwrap(e);
            throw cause instanceof RuntimeException known ? known : new KafkaException(cause.getMessage(), cause);
        } catch (TimeoutException e) {
            throw new org.apache.kafka.common.errors.TimeoutException("no answer within " + timeout);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while waiting for the broker", e);
        }
    }

    /** What lies behind the wrappers of futures. */
    public static Throwable unwrap(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    static boolean isUnknownTopic(Throwable failure) {
        return unwrap(failure) instanceof UnknownTopicOrPartitionException;
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
        calls.close();
    }
}
