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
 * is bounded by the sessions; a lost record is made good by the next. Thread-safe.
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

    synchronized void seen(int partition, LogEntry.Confirmation confirmation) {
        add(seen, partition, confirmation);
    }

    synchronized void reached(int partition, LogEntry.Confirmation confirmation) {
        add(reached, partition, confirmation);
    }

    private static void add(
            Map<Integer, Map<Long, LogEntry.Confirmation>> to, int partition, LogEntry.Confirmation confirmation) {
        to.computeIfAbsent(partition, p -> new HashMap<>())
                .merge(
                        confirmation.requester(),
                        confirmation,
                        (a, b) -> b.epoch() > a.epoch() || b.upTo().isAfter(a.upTo()) ? b : a);
    }

    /** Appends what has gathered. */
    void flush(long incarnation) {
        flush(take(seen), part -> new LogEntry.Confirmations(incarnation, part));
        flush(take(reached), part -> new LogEntry.Progress(incarnation, part));
    }

    private synchronized Map<Integer, List<LogEntry.Confirmation>> take(
            Map<Integer, Map<Long, LogEntry.Confirmation>> from) {
        Map<Integer, List<LogEntry.Confirmation>> taken = new HashMap<>();
        from.forEach((partition, ofSessions) -> taken.put(partition, new ArrayList<>(ofSessions.values())));
        from.clear();
        return taken;
    }

    private void flush(
            Map<Integer, List<LogEntry.Confirmation>> taken, Function<List<LogEntry.Confirmation>, LogEntry> entry) {
        taken.forEach((partition, all) -> {
            for (int from = 0; from < all.size(); from += RECORD_MAX) {
                append(Logs.GROUPS, partition, entry.apply(all.subList(from, Math.min(all.size(), from + RECORD_MAX))));
            }
        });
    }

    /** Appends one. */
    void append(String log, int partition, LogEntry confirmations) {
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
