package dev.convene.systemtests.host;

import java.nio.file.Path;
import java.util.List;

/** A member of a counter log in a process of its own. */
final class CounterProcess {
    private CounterProcess() {}

    /** Runs until its input ends. */
    public static void main(String[] args) throws Exception {
        try (CounterLog log = new CounterLog(args[0], args[1])) {
            log.member(args[2]);
            while (System.in.read() >= 0) {
                // The test that started this process still lives.
            }
        }
    }

    static JvmProcess start(String bootstrapServers, String logName, String instance, Path output) {
        return JvmProcess.start(
                CounterProcess.class,
                output,
                List.of("-Xmx256m", "-XX:+UseSerialGC"),
                bootstrapServers,
                logName,
                instance);
    }
}
