package dev.convene.systemtests.host;

import dev.convene.standalone.broker.BrokerOptions;
import dev.convene.standalone.broker.EmbeddedBroker;
import dev.convene.systemtests.Scratch;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What tests of shards on the real host share: one broker for all of them, and a log of counters for each test. */
abstract class CounterLogContract {
    private static final AtomicInteger LOGS = new AtomicInteger();
    private static @Nullable EmbeddedBroker broker;

    CounterLog log;

    /** Of the one broker; it is stopped when the JVM ends. */
    static synchronized String bootstrapServers() {
        EmbeddedBroker running = broker;
        if (running == null) {
            Path data = Scratch.directory("host-tests");
            EmbeddedBroker started = EmbeddedBroker.start(BrokerOptions.in(data));
            running = started;
            broker = running;
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(
                            () -> {
                                started.close();
                                Scratch.delete(data);
                            },
                            "stop the broker of the host tests"));
        }
        return running.bootstrapServers();
    }

    @BeforeEach
    void makeLog() {
        log = new CounterLog(bootstrapServers(), "counters-" + LOGS.incrementAndGet());
    }

    @AfterEach
    void closeLog() throws Exception {
        log.close();
    }
}
