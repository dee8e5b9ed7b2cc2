package dev.convene.gateway.core.group;

import dev.convene.gateway.core.log.Appender;
import dev.convene.gateway.core.log.Logs;
import dev.convene.gateway.core.log.OutRecord;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.log.LogEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What clients have seen, gathered into one record per partition now and then. Only the newest of each session counts, so it
 * is bounded by the sessions; what could not be appended is appended with the next. Thread-safe.
 */
final class SeenBatch {
    private static final int RECORD_MAX = 1000;

    private final Appender appender;
    /** What clients have said themselves: it covers answers, too. */
    private final Map<Integer, Map<Long, LogEntry.Confirmation>> seen = new HashMap<>();
    /** What follows from what clients do: it covers what was delivered. */
    private final Map<Integer, Map<Long, LogEntry.Confirmation>> reached = new HashMap<>();

    SeenBatch(Appender appender) {
        this.appender = appender;
    }

    void seen(int partition, LogEntry.Confirmation confirmation) {
        note(seen, partition, List.of(confirmation));
    }

    void reached(int partition, LogEntry.Confirmation confirmation) {
        note(reached, partition, List.of(confirmation));
    }

    private synchronized void note(
            Map<Integer, Map<Long, LogEntry.Confirmation>> in, int partition, List<LogEntry.Confirmation> all) {
        Map<Long, LogEntry.Confirmation> here = in.computeIfAbsent(partition, p -> new HashMap<>());
        for (LogEntry.Confirmation one : all) {
            here.merge(one.requester(), one, SeenBatch::newer);
        }
    }

    private static LogEntry.Confirmation newer(LogEntry.Confirmation a, LogEntry.Confirmation b) {
        boolean later = a.epoch() == b.epoch() ? b.upTo().isAfter(a.upTo()) : b.epoch() > a.epoch();
        return later ? b : a;
    }

    /** Appends what has gathered. */
    void flush(long incarnation) {
        flush(seen, part -> new LogEntry.Confirmations(incarnation, part));
        flush(reached, part -> new LogEntry.Progress(incarnation, part));
    }

    private void flush(
            Map<Integer, Map<Long, LogEntry.Confirmation>> gathered,
            Function<List<LogEntry.Confirmation>, LogEntry> entry) {
        take(gathered).forEach((partition, all) -> {
            for (int from = 0; from < all.size(); from += RECORD_MAX) {
                List<LogEntry.Confirmation> part = all.subList(from, Math.min(all.size(), from + RECORD_MAX));
                // It may not be in the log: once more is harmless, and a newer one is as good.
                append(Logs.GROUPS, partition, entry.apply(part), () -> note(gathered, partition, part));
            }
        });
    }

    private synchronized Map<Integer, List<LogEntry.Confirmation>> take(
            Map<Integer, Map<Long, LogEntry.Confirmation>> from) {
        Map<Integer, List<LogEntry.Confirmation>> taken = new HashMap<>();
        from.forEach((partition, ofSessions) -> taken.put(partition, new ArrayList<>(ofSessions.values())));
        from.clear();
        return taken;
    }

    /** Appends one; if that fails the next says the same and more. */
    void append(String log, int partition, LogEntry confirmations) {
        append(log, partition, confirmations, () -> {});
    }

    private void append(String log, int partition, LogEntry confirmations, Runnable onFailure) {
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
