package dev.convene.standalone;

import dev.convene.groupservice.core.shards.ShardStatus;
import dev.convene.groupservice.core.shards.Shards;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the person at the terminal what a start waits for. */
final class StartProgress {
    private static final Logger log = LoggerFactory.getLogger(StartProgress.class);

    private final Shards shards;
    private String said = "";

    StartProgress(Shards shards) {
        this.shards = shards;
    }

    /** Says how far the shards are, and what to do about one that has halted; returns whether one has. */
    boolean tell() {
        List<ShardStatus> status = status();
        List<ShardStatus> halted =
                status.stream().filter(shard -> shard.role().equals("halted")).toList();
        if (!halted.isEmpty()) {
            String words = halted.stream().map(StartProgress::halt).collect(Collectors.joining("\n"));
            // Once is enough: it stays so until somebody acts.
            if (!words.equals(said)) {
                said = words;
                log.error("{}", words);
            }
            return true;
        }
        String catchingUp = status.stream()
                .filter(shard -> shard.role().equals("catching-up"))
                .map(StartProgress::progress)
                .collect(Collectors.joining(", "));
        log.info(catchingUp.isEmpty() ? "Waiting for the gateway ..." : "Reading the logs: {} ...", catchingUp);
        return false;
    }

    private List<ShardStatus> status() {
        try {
            return shards.status().get(3, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            log.debug("The shards do not say how they stand", e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return List.of();
    }

    private static String halt(ShardStatus shard) {
        return "%s/%d %s. Find out why, then in another terminal: ./convene ops skip %s %d %d"
                .formatted(
                        shard.log(), shard.partition(), shard.fault(), shard.log(), shard.partition(), shard.applied());
    }

    private static String progress(ShardStatus shard) {
        Long lag = shard.lag();
        return shard.log() + "/" + shard.partition() + " at " + shard.applied()
                + (lag == null ? "" : " of " + (shard.applied() + lag));
    }
}
