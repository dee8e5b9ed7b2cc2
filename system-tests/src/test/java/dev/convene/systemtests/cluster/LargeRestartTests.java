package dev.convene.systemtests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.Content;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.group.GroupCommand;
import dev.convene.protocol.log.LogEntry;
import dev.convene.protocol.log.Origin;
import dev.convene.runtime.host.log.Clocks;
import dev.convene.runtime.host.log.KafkaAccess;
import dev.convene.runtime.host.log.LogWriter;
import dev.convene.testkit.client.Surface;
import dev.convene.testkit.client.TestSession;
import dev.convene.testkit.client.TestSessions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How long everything in one process takes to start, also with a large log after a kill. */
@Tag("full")
@Timeout(600)
class LargeRestartTests {
    private static final Duration START_MAX = Duration.ofSeconds(15);
    private static final int MESSAGE_BYTES = 64 << 10;
    private static final long LOG_BYTES = 1L << 30;
    private static final int PARTITIONS = 4;
    private static final int ON_THEIR_WAY_MAX = 256;

    @TempDir
    private Path data;

    @Test
    void isReadyInTimeAlsoAfterAKillWithAGibibyteOfLog() {
        long startNanos = System.nanoTime();
        try (Standalone standalone = new Standalone(data).awaitReady()) {
            Duration cold = since(startNanos);
            System.out.println("MEASURED cold start to ready: " + cold.toMillis() + " ms");
            fill(standalone);
            standalone.process().kill();
            startNanos = System.nanoTime();
            standalone.startAgain().awaitReady();
            Duration again = since(startNanos);
            System.out.println("MEASURED start after kill -9 with 1 GiB of log: " + again.toMillis() + " ms");
            assertThat(cold).isLessThan(START_MAX);
            assertThat(again).as(standalone.process()::tail).isLessThan(START_MAX);
            try (TestSessions sessions = new TestSessions();
                    TestSession session = sessions.connect(Surface.WS_JSON, standalone.address(), (String) null)) {
                session.join("room");
                session.multicast(ServiceLevel.AGREED, "still here", "room");
                assertThat(session.drain()).hasSize(2);
            }
        }
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    /** Messages as gateways append them, of a gateway that is not known: they are read and have no effect. */
    private static void fill(Standalone standalone) {
        LogWriter.Settings settings = new LogWriter.Settings(
                Duration.ofMillis(5), Duration.ofSeconds(30), Duration.ofSeconds(5), 64L << 20, 4 << 20);
        byte[] payload = new byte[MESSAGE_BYTES];
        new Random(1).nextBytes(payload);
        GroupCommand message = new GroupCommand.Multicast(
                List.of("nobody"), "", ServiceLevel.AGREED, 0, false, Content.BYTES, "", "", List.of(), payload);
        try (LogWriter writer = new LogWriter(
                "fill",
                KafkaAccess.of(standalone.bootstrapServers(), "fill"),
                settings,
                Clocks.SYSTEM,
                new SimpleMeterRegistry())) {
            List<CompletableFuture<Long>> written = new ArrayList<>();
            long count = LOG_BYTES / MESSAGE_BYTES;
            for (long i = 0; i < count; i++) {
                byte[] header = new LogEntry.Command(
                                new Origin(1L << 40, 1L << 40, 0, i + 1, 0, 0, ""), message.toBytes(), payload)
                        .toBytes();
                written.add(writer.append(
                        "convene.groups",
                        (int) (i % PARTITIONS),
                        List.of(new RecordHeader(LogEntry.HEADER, header)),
                        payload));
                if (written.size() > ON_THEIR_WAY_MAX) {
                    await(written.get(written.size() - ON_THEIR_WAY_MAX));
                }
            }
            written.forEach(LargeRestartTests::await);
        }
    }

    private static void await(CompletableFuture<Long> written) {
        written.orTimeout(60, TimeUnit.SECONDS).join();
    }
}
