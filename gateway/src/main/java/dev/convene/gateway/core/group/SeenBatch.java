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
 * is bounded by the sessions; what could not be appended is appended with the next. Thread-safe.
 */
final class SeenBatch {
    private static final int RECORD_MAX = 1000;

    private final Appender appender;
    private final Map<Integer, Map<Long, LogEntry.Confirmation>> byPartition = new HashMap<>();

    SeenBatch(Appender appender) {
        this.appender = appender;
    }

    synchronized void seen(int partition, long session, int epoch, Position upTo) {
        note(partition, new LogEntry.Confirmation(session, epoch, upTo));
    }

    private void note(int partition, LogEntry.Confirmation confirmation) {
        byPartition
                .computeIfAbsent(partition, p -> new HashMap<>())
                .merge(confirmation.requester(), confirmation, SeenBatch::newer);
    }

    private static LogEntry.Confirmation newer(LogEntry.Confirmation a, LogEntry.Confirmation b) {
        boolean later = a.epoch() == b.epoch() ? b.upTo().isAfter(a.upTo()) : b.epoch() > a.epoch();
        return later ? b : a;
    }

    /** It may not be in the log: once more is harmless, and a newer one is as good. */
    private synchronized void putBack(int partition, List<LogEntry.Confirmation> confirmations) {
        confirmations.forEach(confirmation -> note(partition, confirmation));
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
                append(
                        Logs.GROUPS,
                        partition,
                        new LogEntry.Confirmations(incarnation, part),
                        () -> putBack(partition, part));
            }
        });
    }

    /** Appends one; if that fails the next says the same and more. */
    void append(String log, int partition, LogEntry.Confirmations confirmations) {
        append(log, partition, confirmations, () -> {});
    }

    private void append(String log, int partition, LogEntry.Confirmations confirmations, Runnable onFailure) {
        try {
            appender.append(log, partition, OutRecord.of(confirmations.toBytes()), new Appender.Done() {
                @Override
                public void appended(long offset) {}

                @Override
                public void failed(boolean maybe) {
                    onFailure.run();
                }
            });
        } catch (ConveneException e) {
            onFailure.run();
        }
    }
}
