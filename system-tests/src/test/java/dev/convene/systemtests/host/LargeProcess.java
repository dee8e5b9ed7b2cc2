package dev.convene.systemtests.host;

import dev.convene.protocol.group.GroupCommand;
import dev.convene.runtime.host.Instance;
import dev.convene.runtime.host.ShardHost;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Path;
import java.util.List;

/** A replica of a large log in a process of its own. */
final class LargeProcess {
    private LargeProcess() {}

    /** Runs until its input ends; prints how much memory is in use for every character that it reads. */
    public static void main(String[] args) throws Exception {
        LargeLog log = new LargeLog(args[0], args[1]);
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        try (Instance instance = log.instance(args[2], true);
                ShardHost<GroupCommand> host = log.hold(instance, Long.parseLong(args[3]))) {
            while (System.in.read() >= 0) {
                memory.gc();
                System.out.println("heap " + (memory.getHeapMemoryUsage().getUsed() >> 20) + " MiB of "
                        + host.status().size());
            }
        }
    }

    static JvmProcess start(
            String bootstrapServers, LargeLog log, String instance, long recordsPerSnapshot, Path output) {
        return JvmProcess.start(
                LargeProcess.class,
                output,
                List.of("-Xmx1500m", "-XX:+UseG1GC"),
                bootstrapServers,
                log.name(),
                instance,
                Long.toString(recordsPerSnapshot));
    }
}
