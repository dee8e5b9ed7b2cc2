package dev.convene.systemtests.host;

import dev.convene.protocol.log.LogEntry;
import dev.convene.runtime.host.log.LogReader;
import dev.convene.runtime.host.log.LogRecord;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;

/**
 * Measures the takeover of partition 0 and names its parts: until the successor's claim stands in the log (silence), until
 * it has read it back and owns the shard, until a request that waited has its answer.
 */
final class TakeoverClock implements AutoCloseable {
    private final HostedLog.Member<CounterShard.Command> successor;
    private final LogReader reader;
    private final CompletableFuture<Long> claimedMs = new CompletableFuture<>();
    private final CompletableFuture<Long> ownedMs = new CompletableFuture<>();
    private long stoppedMs;
    private long answeredMs;

    TakeoverClock(CounterLog log, HostedLog.Member<CounterShard.Command> successor) {
        this.successor = successor;
        this.reader = successor.instance().newReader("clock");
        TopicPartition partition = new TopicPartition(log.topic(), 0);
        reader.add(partition, successor.instance().admin().end(partition).join(), this::look);
        Thread.ofPlatform().daemon().start(this::awaitOwner);
    }

    /** The topic has the broker's clock, which is this machine's. */
    private void look(LogRecord record) {
        if (LogEntry.read(record.header(), record.value()) instanceof LogEntry.Term) {
            claimedMs.complete(record.timestampMs());
        }
    }

    private void awaitOwner() {
        long deadline = System.nanoTime() + HostedLog.PATIENCE.toNanos();
        while (System.nanoTime() < deadline && !successor.host().owns(0)) {
            java.util.concurrent.locks.LockSupport.parkNanos(500_000);
        }
        ownedMs.complete(System.currentTimeMillis());
    }

    void stopped() {
        stoppedMs = System.currentTimeMillis();
    }

    void answered() {
        answeredMs = System.currentTimeMillis();
    }

    Duration total() {
        return Duration.ofMillis(answeredMs - stoppedMs);
    }

    String parts() {
        long claimed = TestGateway.within(claimedMs);
        long owned = TestGateway.within(ownedMs);
        return "silence until the claim is in the log " + (claimed - stoppedMs) + " ms, until it is read back "
                + (owned - claimed) + " ms, until a waiting request is answered " + (answeredMs - owned)
                + " ms, in all "
                + total().toMillis() + " ms";
    }

    @Override
    public void close() {
        reader.close();
    }
}
