package dev.convene.systemtests.host;

import dev.convene.protocol.group.GroupCommand;
import dev.convene.protocol.log.LogEntry;
import dev.convene.protocol.log.Origin;
import dev.convene.runtime.host.Instance;
import dev.convene.runtime.host.effect.AnswerBatch;
import dev.convene.runtime.host.effect.Effect;
import dev.convene.runtime.host.log.LogReader;
import dev.convene.runtime.host.log.LogRecord;
import dev.convene.runtime.host.log.Topics;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.TopicPartition;

/**
 * Asks the shard of a large log one question after the other, and remembers the longest time without an answer: what a
 * client would have noticed.
 */
final class SteadyAsker implements AutoCloseable {
    private record Open(long number, CompletableFuture<Void> answered) {}

    private final LargeLog log;
    private final Instance instance;
    private final LogReader reader;
    private final Thread thread;
    private final AtomicReference<Open> open = new AtomicReference<>();
    private final AtomicLong longestNanos = new AtomicLong();
    private final AtomicLong answers = new AtomicLong();
    private volatile boolean closed;

    SteadyAsker(LargeLog log, Instance instance) {
        this.log = log;
        this.instance = instance;
        this.reader = instance.newReader("answers");
        int partition = AnswerBatch.partitionOf(LargeLog.LIFE, instance.partitions(Topics.ANSWERS));
        TopicPartition own = new TopicPartition(Topics.ANSWERS, partition);
        reader.add(own, TestGateway.within(instance.admin().end(own)), this::read);
        this.thread = Thread.ofPlatform().daemon().start(this::askOn);
    }

    private void read(LogRecord record) {
        for (Effect effect : AnswerBatch.read(record.value()).effects()) {
            Open asked = open.get();
            if (effect instanceof Effect.Answered answer && asked != null && answer.number() == asked.number) {
                asked.answered.complete(null);
            }
        }
    }

    private void askOn() {
        for (long number = 1; !closed; number++) {
            Open next = new Open(number, new CompletableFuture<>());
            open.set(next);
            long startNanos = System.nanoTime();
            ask(number);
            while (!next.answered.isDone() && !closed) {
                next.answered
                        .copy()
                        .completeOnTimeout(null, 10, TimeUnit.MILLISECONDS)
                        .join();
                longestNanos.accumulateAndGet(System.nanoTime() - startNanos, Math::max);
            }
            answers.incrementAndGet();
            LockSupport.parkNanos(2_000_000);
        }
    }

    private void ask(long number) {
        Origin origin = new Origin(LargeLog.LIFE, LargeLog.LIFE, 0, number, number, 0, "");
        LogEntry question = new LogEntry.Command(origin, new GroupCommand.ListMembers("team/0").toBytes(), null);
        instance.writer().append(Topics.ofLog(log.name()), 0, question.toBytes());
    }

    /** The longest time since this was called before, and begins anew. */
    Duration longest() {
        return Duration.ofNanos(longestNanos.getAndSet(0));
    }

    long answers() {
        return answers.get();
    }

    @Override
    public void close() {
        closed = true;
        reader.close();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
