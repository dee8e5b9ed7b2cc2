package dev.convene.systemtests.cluster;

import dev.convene.testkit.Contract;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Everything in one process is paused, killed and started again while members over every surface send and read. */
@Tag("faults")
@Timeout(300)
class StandaloneTrafficTests {
    private static final int SOME = 30;
    /** Longer than anything in the process may be silent without being taken for lost. */
    private static final Duration PAUSE = Duration.ofSeconds(3);

    private final long seed = Long.getLong("convene.seed", System.nanoTime());

    @TempDir
    private Path data;

    @Contract({"G22", "G26", "G52", "G59", "G65"})
    @Test
    void everyPromiseIsKeptThroughPausesAndKills() {
        try (Standalone standalone = new Standalone(data).awaitReady();
                Traffic traffic = new Traffic("standalone", List.of(standalone::address), seed)) {
            traffic.awaitMore(SOME);
            standalone.process().pause();
            traffic.awaitSilence(PAUSE);
            standalone.process().goOn();
            traffic.awaitMore(SOME);
            standalone.process().kill();
            traffic.awaitReady(standalone.startAgain().process());
            traffic.awaitMore(SOME);
            traffic.judge("standalone paused, then killed");
        }
    }
}
