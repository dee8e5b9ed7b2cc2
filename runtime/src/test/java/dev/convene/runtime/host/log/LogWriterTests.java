package dev.convene.runtime.host.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.ErrorCode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A writer whose broker is not there. */
class LogWriterTests {
    private static final int RECORDS = 300;

    private static LogWriter writer() throws IOException {
        String nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = "127.0.0.1:" + socket.getLocalPort();
        }
        return new LogWriter(
                "test",
                KafkaAccess.of(nobody, "test"),
                LogWriter.Settings.DEFAULT.withoutBlocking(1 << 20),
                Clocks.SYSTEM,
                new SimpleMeterRegistry());
    }

    /** How often this thread has waited for another or for time. */
    private static long waits() {
        return ManagementFactory.getThreadMXBean()
                .getThreadInfo(Thread.currentThread().threadId())
                .getWaitedCount();
    }

    @Test
    void withoutABrokerAppendsFailAtOnceAndNeverWait() throws IOException {
        try (LogWriter writer = writer()) {
            writer.append("warm.up", 0, new byte[1]);
            long before = waits();
            for (int i = 0; i < RECORDS; i++) {
                CompletableFuture<Long> appended = writer.append("topic", 0, new byte[100]);
                assertThat(appended).isCompletedExceptionally();
                assertThat(appended.exceptionNow()).isInstanceOfSatisfying(AppendException.class, e -> {
                    assertThat(e.outcome()).isEqualTo(AppendException.Outcome.DID_NOT_HAPPEN);
                    assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE);
                });
            }
            assertThat(waits()).isEqualTo(before);
            assertThat(writer.bytesInFlight()).isZero();
        }
    }

    @Test
    void withoutABrokerWhatMayBeLostIsDroppedAtOnceAndTold() throws IOException {
        try (LogWriter writer = writer()) {
            AtomicInteger dropped = new AtomicInteger();
            writer.appendUnacknowledged("topic", 0, List.of(), new byte[100], dropped::incrementAndGet);
            long before = waits();
            for (int i = 1; i < RECORDS; i++) {
                writer.appendUnacknowledged("topic", 0, List.of(), new byte[100], dropped::incrementAndGet);
            }
            assertThat(dropped).hasValue(RECORDS);
            assertThat(waits()).isEqualTo(before);
        }
    }
}
