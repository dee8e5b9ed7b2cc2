package dev.convene.runtime.host.snapshot;

import dev.convene.protocol.log.Encoder;
import dev.convene.runtime.host.log.LogEpoch;
import dev.convene.runtime.host.log.LogWriter;
import dev.convene.runtime.host.log.Topics;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/**
 * The offsets that operators have decided to pass over, remembered beside the manifests so that a machine that begins
 * below such an offset knows before it gets there. The decision itself stands in the log; this only says where to look.
 * Thread-safe.
 */
public final class Skips {
    private static final String PREFIX = "skip/";

    private final LogWriter writer;
    private final Map<String, Set<Long>> known = new HashMap<>();

    Skips(LogWriter writer) {
        this.writer = writer;
    }

    /** Those of a partition, as far as they have been heard of. */
    public synchronized Set<Long> of(String logName, int partition, LogEpoch epoch) {
        return Set.copyOf(known.getOrDefault(shardKey(logName, partition, epoch.text()), Set.of()));
    }

    /** Remembers one in this process alone: its record was read in the log. */
    public void learned(String logName, int partition, LogEpoch epoch, long offset) {
        add(shardKey(logName, partition, epoch.text()), offset);
    }

    /** Remembers one for everybody; completes when it is written. */
    public CompletableFuture<Void> note(String logName, int partition, LogEpoch epoch, long offset) {
        learned(logName, partition, epoch, offset);
        return write(
                shardKey(logName, partition, epoch.text()),
                offset,
                new Encoder().u8(1).toBytes());
    }

    /** Forgets those below an offset that no machine can begin below any longer. */
    List<CompletableFuture<Void>> forget(String logName, int partition, String epoch, long below) {
        String shard = shardKey(logName, partition, epoch);
        List<Long> gone;
        synchronized (this) {
            gone = known.getOrDefault(shard, Set.of()).stream()
                    .filter(offset -> offset < below)
                    .toList();
        }
        return gone.stream().map(offset -> write(shard, offset, null)).toList();
    }

    private CompletableFuture<Void> write(String shard, long offset, byte @org.jspecify.annotations.Nullable [] value) {
        byte[] key = (shard + "/" + offset).getBytes(StandardCharsets.UTF_8);
        return writer.append(Topics.MANIFESTS, 0, key, List.of(), value).thenAccept(at -> {});
    }

    /** A record of the manifests' topic; returns whether it was one of these. */
    boolean read(String key, byte @org.jspecify.annotations.Nullable [] value) {
        if (!key.startsWith(PREFIX)) {
            return false;
        }
        int slash = key.lastIndexOf('/');
        long offset = Long.parseLong(key.substring(slash + 1));
        if (value == null) {
            remove(key.substring(0, slash), offset);
        } else {
            add(key.substring(0, slash), offset);
        }
        return true;
    }

    private synchronized void add(String shard, long offset) {
        known.computeIfAbsent(shard, s -> new TreeSet<>()).add(offset);
    }

    private synchronized void remove(String shard, long offset) {
        Set<Long> offsets = known.get(shard);
        if (offsets != null) {
            offsets.remove(offset);
        }
    }

    private static String shardKey(String logName, int partition, String epoch) {
        return PREFIX + logName + "/" + partition + "/" + epoch;
    }
}
