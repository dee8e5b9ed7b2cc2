package dev.convene.gateway.core.group;

import dev.convene.gateway.core.delivery.Pushes;
import dev.convene.gateway.core.delivery.SharedPush;
import dev.convene.gateway.core.delivery.Tail;
import dev.convene.gateway.core.life.CoreSettings;
import dev.convene.gateway.core.log.GroupLog;
import dev.convene.gateway.core.time.Scheduler;
import dev.convene.group.GroupSettings;
import dev.convene.protocol.At;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Names;
import dev.convene.protocol.Position;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.protocol.frame.HistoryStart;
import dev.convene.protocol.frame.Push;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What was sent to a group before, by running the group's state machine over the log again; so repetitions and refused
 * messages are not in it. Filtered by the group's settings. Thread-safe; as many readings at a time as are allowed.
 */
final class History {
    /** A search for the newest messages looks back this far first, in records, then eight times as far, and so on. */
    private static final long LOOK_BACK_FIRST = 10_000;

    private static final int LOOK_BACK_FACTOR = 8;
    private static final int READINGS_MAX = 4;

    private record Limits(GroupSettings settings, Position end, long oldest) {}

    private final GroupLog log;
    private final Tail tail;
    private final CoreSettings settings;
    private final Scheduler scheduler;
    private final AtomicInteger readings = new AtomicInteger();

    History(GroupLog log, Tail tail, CoreSettings settings, Scheduler scheduler) {
        this.log = log;
        this.tail = tail;
        this.settings = settings;
        this.scheduler = scheduler;
    }

    /** A page of what was sent to a group. */
    CompletableFuture<Answer> page(int partition, GroupOperation.History operation) {
        int limit = Math.clamp(operation.limit(), 1, settings.historyPageMax());
        return limits(partition, operation.group(), null)
                .thenCompose(limits -> read(partition, operation.group(), operation.start(), limit, limits))
                .thenApply(read -> page(operation.group(), read, limit));
    }

    /** The oldest so many of what was found: the newest are looked for first where only so many, or so many bytes, are shown. */
    private Answer page(String group, HistoryCollector read, int limit) {
        List<SharedPush> found = read.found();
        boolean cut = found.size() > limit;
        List<Push> messages = new ArrayList<>();
        for (SharedPush push : cut ? found.subList(0, limit) : found) {
            messages.add(push.push());
        }
        At next = null;
        if ((cut || read.isMore()) && !messages.isEmpty() && messages.getLast() instanceof Push.Message last) {
            next = tail.at(Names.domainOf(group), last.at().position());
        }
        return new Answer.HistoryPage(messages, next, !read.isDropped());
    }

    /** What a join replays: the newest that fit, up to the position before the join. */
    CompletableFuture<List<SharedPush>> beforeJoin(int partition, String group, HistoryStart start, Position until) {
        return limits(partition, group, until)
                .thenCompose(limits -> read(partition, group, start, 0, limits))
                .thenApply(HistoryCollector::found);
    }

    private CompletableFuture<Limits> limits(int partition, String group, @Nullable Position until) {
        CompletableFuture<GroupSettings> inForce =
                tail.read(partition, shard -> shard.groups().settings(group));
        CompletableFuture<Position> end =
                until == null ? tail.appliedUpTo(partition) : CompletableFuture.completedFuture(until);
        return inForce.thenCombine(end, (set, to) -> new Limits(set, to, 0))
                .thenCombine(log.oldest(partition), (known, oldest) -> new Limits(known.settings, known.end, oldest));
    }

    /** @param limit the oldest so many of what is asked for; 0 for the newest that fit */
    private CompletableFuture<HistoryCollector> read(
            int partition, String group, @Nullable HistoryStart start, int limit, Limits limits) {
        long historyMs = limits.settings.historyMs();
        long notBeforeMs = historyMs < 0 ? 0 : Math.max(0, scheduler.wallMs() - historyMs);
        long bytes = limits.settings.historyBytes();
        Position oldest = new Position(limits.oldest - 1, 0);
        // With a bound on bytes the newest decide what is shown: nothing may be cut off before the end is known.
        HistoryCollector.Query all =
                new HistoryCollector.Query(group, oldest, limits.end, notBeforeMs, bytes < 0 ? limit : 0, 0, bytes);
        return switch (start) {
            case null -> run(partition, all);
            case HistoryStart.From(At at) -> {
                if (!at.epoch().equals(log.epoch()) || at.position().offset() + 1 < limits.oldest) {
                    yield CompletableFuture.failedFuture(new ConveneException(ErrorCode.NOT_RECOVERED));
                }
                yield run(partition, all.after(at.position()));
            }
            case HistoryStart.Since(long epochMs) ->
                log.offsetAt(partition, epochMs)
                        .thenCompose(offset ->
                                run(partition, all.after(new Position(Math.max(limits.oldest, offset) - 1, 0))));
            case HistoryStart.Last(int count) -> {
                int wanted = Math.clamp(count, 1, settings.historyPageMax());
                HistoryCollector.Query newest =
                        new HistoryCollector.Query(group, oldest, limits.end, notBeforeMs, 0, wanted, bytes);
                yield lookBack(partition, newest, limits.oldest, LOOK_BACK_FIRST);
            }
        };
    }

    private CompletableFuture<HistoryCollector> lookBack(
            int partition, HistoryCollector.Query query, long oldest, long records) {
        long from = Math.max(oldest, query.until().offset() + 1 - records);
        return run(partition, query.after(new Position(from - 1, 0))).thenCompose(read -> {
            boolean whole = from <= oldest || read.found().size() >= query.last();
            return whole
                    ? CompletableFuture.completedFuture(read)
                    : lookBack(partition, query, oldest, records * LOOK_BACK_FACTOR);
        });
    }

    private CompletableFuture<HistoryCollector> run(int partition, HistoryCollector.Query query) {
        long bytesMax = settings.limits().queuedBytesMax() / 4;
        HistoryCollector collector = new HistoryCollector(query, pushes(), bytesMax);
        long from = query.after().offset() + 1;
        long to = query.until().offset() + 1;
        if (from >= to && !query.until().isAfter(query.after())) {
            return CompletableFuture.completedFuture(collector);
        }
        if (readings.incrementAndGet() > READINGS_MAX) {
            readings.decrementAndGet();
            return CompletableFuture.failedFuture(new ConveneException(ErrorCode.OVERLOADED));
        }
        return log.replay(partition, Math.min(from, to - 1), to, collector)
                .whenComplete((nothing, e) -> readings.decrementAndGet())
                .thenApply(nothing -> collector);
    }

    private Pushes pushes() {
        return tail.pushes();
    }
}
