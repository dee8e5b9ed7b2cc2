package dev.convene.systemtests.cluster;

import dev.convene.protocol.log.LogEntry;
import dev.convene.runtime.host.effect.AnswerBatch;
import dev.convene.runtime.host.log.LogRecord;
import dev.convene.runtime.host.log.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.LongPredicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Who owns the sessions, and when it claimed and answered: by the clock of the broker, which is this machine's. So a test
 * measures the takeover and not how busy its own threads are.
 */
final class OwnerWatch implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String SESSIONS = "sessions";

    /**
     * A takeover and its parts.
     *
     * @param claimed until the successor's claim was in the log
     * @param answered until its first answer was
     */
    record Takeover(Duration claimed, Duration answered) {
        @Override
        public String toString() {
            return "claimed after " + claimed.toMillis() + " ms, answered after " + answered.toMillis() + " ms";
        }
    }

    private final Thread thread;
    private final ConcurrentSkipListSet<Long> claimsMs = new ConcurrentSkipListSet<>();
    private final ConcurrentSkipListSet<Long> answersMs = new ConcurrentSkipListSet<>();
    private long lastTerm;
    private volatile String owner = "";
    private volatile boolean caughtUp;
    private volatile boolean closed;

    OwnerWatch(String bootstrapServers) {
        thread = Thread.ofPlatform().daemon().start(() -> read(bootstrapServers));
        // Of all that there have been the newest one.
        ChildProcess.await("an owner of the sessions", PATIENCE, () -> caughtUp && !owner.isEmpty());
    }

    private void read(String bootstrapServers) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            TopicPartition log = new TopicPartition(Topics.ofLog(SESSIONS), 0);
            List<TopicPartition> partitions = new ArrayList<>(List.of(log));
            consumer.partitionsFor(Topics.ANSWERS)
                    .forEach(answers -> partitions.add(new TopicPartition(answers.topic(), answers.partition())));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long end = consumer.endOffsets(List.of(log)).get(log);
            while (!closed) {
                consumer.poll(Duration.ofMillis(50)).forEach(this::look);
                caughtUp |= consumer.position(log) >= end;
            }
        }
    }

    private void look(ConsumerRecord<byte[], byte[]> record) {
        if (record.topic().equals(Topics.ANSWERS)) {
            if (AnswerBatch.read(record.value()).log().equals(SESSIONS)) {
                answersMs.add(record.timestamp());
            }
        } else if (LogEntry.read(LogRecord.of(record).header(), record.value()) instanceof LogEntry.Term term
                && term.term() > lastTerm) {
            // The first claim of a term wins; another instance's comes too late.
            lastTerm = term.term();
            claimsMs.add(record.timestamp());
            owner = term.instance().substring(0, term.instance().indexOf('@'));
        }
    }

    /** The name of the instance that owns the sessions now, such as {@code gs-0-group-service}. */
    String ownerOfSessions() {
        return owner;
    }

    /** The takeover after this moment; waits for it. */
    Takeover takeoverOfSessions(long fromMs) {
        long claimed = first(claimsMs, moment -> moment >= fromMs);
        long answered = first(answersMs, moment -> moment >= claimed);
        return new Takeover(Duration.ofMillis(claimed - fromMs), Duration.ofMillis(answered - fromMs));
    }

    private static long first(ConcurrentSkipListSet<Long> moments, LongPredicate fits) {
        ChildProcess.await("a takeover", PATIENCE, () -> moments.stream().anyMatch(moment -> fits.test(moment)));
        return moments.stream().filter(moment -> fits.test(moment)).findFirst().orElseThrow();
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
