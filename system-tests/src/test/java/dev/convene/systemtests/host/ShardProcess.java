package dev.convene.systemtests.host;

import dev.convene.testkit.reference.LockCommand;
import dev.convene.testkit.reference.LockShard;
import java.nio.file.Path;
import java.util.List;

/** A member of a log in a process of its own. */
final class ShardProcess {
    /** Which shards it holds. */
    enum Shards {
        COUNTERS,
        LOCKS
    }

    private ShardProcess() {}

    /** Runs until its input ends. */
    public static void main(String[] args) throws Exception {
        try (AutoCloseable log = join(Shards.valueOf(args[0]), args[1], args[2], args[3])) {
            while (System.in.read() >= 0) {
                // The test that started this process still lives.
            }
        }
    }

    private static AutoCloseable join(Shards shards, String bootstrapServers, String logName, String instance) {
        return switch (shards) {
            case COUNTERS -> {
                CounterLog log = new CounterLog(bootstrapServers, logName);
                log.member(instance);
                yield log;
            }
            case LOCKS -> {
                HostedLog<LockCommand> log = new HostedLog<>(bootstrapServers, logName);
                log.member(instance, false, LockShard::new);
                yield log;
            }
        };
    }

    static JvmProcess start(Shards shards, String bootstrapServers, String logName, String instance, Path output) {
        return JvmProcess.start(
                ShardProcess.class,
                output,
                List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                shards.name(),
                bootstrapServers,
                logName,
                instance);
    }
}
