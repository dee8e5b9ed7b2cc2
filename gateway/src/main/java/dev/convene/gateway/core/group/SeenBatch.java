package dev.convene.gateway.core.group;

import dev.convene.gateway.core.log.Appender;
import dev.convene.gateway.core.log.Logs;
import dev.convene.gateway.core.log.OutRecord;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.Position;
import dev.convene.protocol.log.LogEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What clients have seen, gathered into one record per partition now and then. Only the newest of each session counts, so it
 * is bounded by the sessions; a lost record is made good by the next. Thread-safe.
 */
final class SeenBatch {
    private static final int RECORD_MAX = 1000;

    private final Appender appender;
    private final Map<Integer, Map<Long, LogEntry.Confirmation>> byPartition = new HashMap<>();

    SeenBatch(Appender appender) {
        this.appender = appender;
    }

    synchronized void seen(int partition, long session, int epoch, Position upTo) {
        byPartition
                .computeIfAbsent(partition, p -> new HashMap<>())
                .merge(
                        session,
                        new LogEntry.Confirmation(session, epoch, upTo),
                        (a, b) -> b.epoch() > a.epoch() || b.upTo().isAfter(a.upTo()) ? b : a);
    }

    /** Appends what has gathered. */
    void flush(long incarnation) {
        Map<Integer, List<LogEntry.Confirmation>> taken = new HashMap<>();
        synchronized (this) {
            byPartition.forEach((partition, seen) -> taken.put(partition, new ArrayList<>(seen.values())));
            byPartition.clear();
        }
        taken.forEach((partition, seen) -> {
            for (int from = 0; from < seen.size(); from += RECORD_MAX) {
                List<LogEntry.Confirmation> part = seen.subList(from, Math.min(seen.size(), from + RECORD_MAX));
                append(Logs.GROUPS, partition, new LogEntry.Confirmations(incarnation, part));
            }
        });
    }

    /** Appends one. */
    void append(String log, int partition, LogEntry.Confirmations confirmations) {
        try {
            appender.append(log, partition, OutRecord.of(confirmations.toBytes()), new Appender.Done() {
                @Override
                public void appended(long offset) {}

                @Override
                public void failed(boolean maybe) {}
            });
        } catch (ConveneException e) {
            // The next confirmation says the same and more.
        }
    }
}
