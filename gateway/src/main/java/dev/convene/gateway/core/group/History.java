package dev.convene.gateway.core.group;

import dev.convene.gateway.core.delivery.SharedPush;
import dev.convene.gateway.core.delivery.Tail;
import dev.convene.gateway.core.life.CoreSettings;
import dev.convene.gateway.core.log.GroupLog;
import dev.convene.gateway.core.log.LimitedPasses;
import dev.convene.gateway.core.log.Turns;
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
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What was sent to a group before, by running the group's state machine over the log again; so repetitions and refused
 * messages are not in it. Filtered by the group's settings. Thread-safe; readings take their {@link Turns}, so that they never
 * take all those of the sessions that are being resumed.
 */
final class History {
    /** A search for the newest messages looks back this far first, in records, then eight times as far, and so on. */
    private static final long LOOK_BACK_FIRST = 10_000;

    private static final int LOOK_BACK_FACTOR = 8;
    private static final int READINGS_MAX = LimitedPasses.PASSES_MAX / 2;
    private static final int WAITING_MAX = 200;
    private static final long ALL = -1;

    /**
     * What is there to be read.
     *
     * @param all everything that is kept, so far as positions and time say
     * @param oldest the first offset that the log has
     * @param keptBytes the newest messages with so many bytes are kept; -1 for all
     */
    private record Kept(HistoryStretch all, long oldest, long keptBytes) {
        /** Whether the stretch begins where the log does, of which something was deleted already. */
        private boolean isCut(HistoryStretch stretch) {
            return oldest > 0 && !stretch.after().isAfter(all.after());
        }

        /** Whether the search ended where the log begins, of which something was deleted already. */
        private boolean isCut(NewestMessages newest) {
            return oldest > 0 && !newest.isWhole();
        }
    }

    /** One page, and whether nothing before it that was asked for may be missing. */
    private record Page(List<SharedPush> messages, boolean more, boolean complete) {
        private Page butCut(boolean cut) {
            return new Page(messages, more, complete && !cut);
        }
    }

    /**
     * What a join replays.
     *
     * @param complete whether nothing of what was asked for is missing: no longer kept, or more than fits
     */
    record Before(List<SharedPush> messages, boolean complete) {
        /** What is told of it when so many of them were given. */
        Answer.Replayed replayed(int count) {
            return new Answer.Replayed(count, complete && count == messages.size(), null);
        }
    }

    private final GroupLog log;
    private final Tail tail;
    private final CoreSettings settings;
    private final Scheduler scheduler;
    private final Turns turns;

    History(GroupLog log, Tail tail, CoreSettings settings, Scheduler scheduler) {
        this.log = log;
        this.tail = tail;
        this.settings = settings;
        this.scheduler = scheduler;
        this.turns = new Turns(READINGS_MAX, WAITING_MAX, LimitedPasses.WAIT_MAX_MS, () -> true, scheduler);
    }

    /**
     * A page of what was sent to a group, the oldest of what is asked for first. Everything that is kept can be had page by
     * page, each after the position at which the one before ends.
     */
    CompletableFuture<Answer> page(int partition, GroupOperation.History operation) {
        int limit = Math.clamp(operation.limit(), 1, countMax());
        return kept(partition, operation.group(), null, HistoryStretch.NOBODY)
                .thenCompose(kept -> page(partition, operation.group(), operation.start(), limit, kept))
                .thenApply(page -> answer(operation.group(), page));
    }

    private CompletableFuture<Page> page(
            int partition, String group, @Nullable HistoryStart start, int limit, Kept kept) {
        return switch (start) {
            case null ->
                page(partition, kept.all, limit, kept.keptBytes).thenApply(page -> page.butCut(kept.isCut(kept.all)));
            case HistoryStart.From(At at) ->
                from(group, at, kept).thenCompose(stretch -> page(partition, stretch, limit, kept.keptBytes));
            case HistoryStart.Since(long epochMs) ->
                since(partition, epochMs, kept)
                        .thenCompose(stretch -> page(partition, stretch, limit, kept.keptBytes)
                                .thenApply(page -> page.butCut(kept.isCut(stretch))));
            case HistoryStart.Last(int count) ->
                last(partition, count, kept)
                        .thenCompose(newest -> page(partition, newest, limit)
                                .thenApply(page -> page.butCut(kept.isCut(newest) || isMoreThanFits(count, newest))));
        };
    }

    /** The oldest of the newest: a second reading where not all of them are in memory. */
    private CompletableFuture<Page> page(int partition, NewestMessages newest, int limit) {
        List<SharedPush> found = newest.found();
        if (newest.isHeld()) {
            boolean more = found.size() > limit;
            return CompletableFuture.completedFuture(
                    new Page(more ? found.subList(0, limit) : found, more, !newest.isDropped()));
        }
        return page(partition, newest.stretch().after(newest.after()), limit, ALL)
                .thenApply(page -> new Page(page.messages, page.more, !newest.isDropped()));
    }

    private CompletableFuture<Page> page(int partition, HistoryStretch stretch, int limit, long keptBytes) {
        HistoryPageReader reader = new HistoryPageReader(stretch, tail.pushes(), limit, bytesMax(), keptBytes);
        return run(partition, stretch, reader)
                .thenCompose(read -> read.isToBeReadAgain()
                        ? run(partition, stretch, read.again())
                        : CompletableFuture.completedFuture(read))
                .thenApply(read -> new Page(read.found(), read.isMore(), !read.isDropped()));
    }

    private Answer answer(String group, Page page) {
        List<Push> messages = page.messages.stream().map(SharedPush::push).toList();
        At next = page.more && messages.getLast() instanceof Push.Message last
                ? tail.at(Names.domainOf(group), last.at().position())
                : null;
        return new Answer.HistoryPage(messages, next, page.complete);
    }

    /** What a join replays: the newest that fit, up to the position before the join. */
    CompletableFuture<Before> beforeJoin(int partition, String group, HistoryStart start, Position until, long joiner) {
        return kept(partition, group, until, joiner).thenCompose(kept -> switch (start) {
            case HistoryStart.From(At at) ->
                from(group, at, kept)
                        .thenCompose(stretch -> newest(partition, stretch, countMax(), kept))
                        .thenApply(newest -> before(newest, newest.isPassedOver()));
            case HistoryStart.Since(long epochMs) ->
                since(partition, epochMs, kept)
                        .thenCompose(stretch -> newest(partition, stretch, countMax(), kept)
                                .thenApply(newest -> before(newest, kept.isCut(stretch) || newest.isPassedOver())));
            case HistoryStart.Last(int count) ->
                last(partition, count, kept)
                        .thenApply(newest -> before(newest, kept.isCut(newest) || isMoreThanFits(count, newest)));
        });
    }

    private int countMax() {
        return settings.limits().historyPageMax();
    }

    /** Whether more was asked for than fits, and may be there. */
    private boolean isMoreThanFits(int count, NewestMessages newest) {
        return count > countMax() && newest.mayHaveMore();
    }

    private static Before before(NewestMessages newest, boolean cut) {
        return new Before(newest.found(), newest.isHeld() && !newest.isDropped() && !cut);
    }

    private CompletableFuture<Kept> kept(int partition, String group, @Nullable Position until, long joiner) {
        CompletableFuture<GroupSettings> inForce =
                tail.read(partition, shard -> shard.groups().settings(group));
        CompletableFuture<Position> end =
                until == null ? tail.appliedUpTo(partition) : CompletableFuture.completedFuture(until);
        return inForce.thenCombine(
                        end, (set, to) -> new HistoryStretch(group, Position.START, to, notBeforeMs(set), joiner))
                .thenCombine(
                        log.oldest(partition),
                        (all, oldest) -> new Kept(
                                all.after(new Position(oldest - 1, 0)),
                                oldest,
                                inForce.join().historyBytes()));
    }

    private long notBeforeMs(GroupSettings inForce) {
        return inForce.historyMs() < 0 ? 0 : Math.max(0, scheduler.wallMs() - inForce.historyMs());
    }

    private CompletableFuture<HistoryStretch> from(String group, At at, Kept kept) {
        if (!at.domain().equals(Names.domainOf(group))) {
            return CompletableFuture.failedFuture(new ConveneException(
                    ErrorCode.BAD_POSITION, "history.from", "the position is of another domain than the group"));
        }
        if (at.epoch().equals(log.epoch())
                && at.position().offset() > kept.all.until().offset()) {
            return CompletableFuture.failedFuture(new ConveneException(
                    ErrorCode.BAD_POSITION, "history.from", "the position lies beyond the end of the log"));
        }
        return !at.epoch().equals(log.epoch()) || at.position().offset() + 1 < kept.oldest
                ? CompletableFuture.failedFuture(
                        new ConveneException(ErrorCode.NOT_RECOVERED, "history.from", ErrorCode.NOT_RECOVERED.advice()))
                : CompletableFuture.completedFuture(kept.all.after(at.position()));
    }

    private CompletableFuture<HistoryStretch> since(int partition, long epochMs, Kept kept) {
        return log.offsetAt(partition, epochMs)
                .thenApply(offset -> kept.all.after(new Position(Math.max(kept.oldest, offset) - 1, 0)));
    }

    private CompletableFuture<NewestMessages> last(int partition, int count, Kept kept) {
        return lookBack(partition, Math.clamp(count, 1, countMax()), kept, LOOK_BACK_FIRST);
    }

    private CompletableFuture<NewestMessages> lookBack(int partition, int count, Kept kept, long records) {
        long from = Math.max(kept.oldest, kept.all.until().offset() + 1 - records);
        return newest(partition, kept.all.after(new Position(from - 1, 0)), count, kept)
                .thenCompose(read -> from <= kept.oldest || read.isWhole()
                        ? CompletableFuture.completedFuture(read)
                        : lookBack(partition, count, kept, records * LOOK_BACK_FACTOR));
    }

    private CompletableFuture<NewestMessages> newest(int partition, HistoryStretch stretch, int count, Kept kept) {
        return run(partition, stretch, new NewestMessages(stretch, tail.pushes(), count, kept.keptBytes, bytesMax()));
    }

    private long bytesMax() {
        return settings.limits().queuedBytesMax() / 4;
    }

    private <R extends GroupLog.Replay> CompletableFuture<R> run(int partition, HistoryStretch stretch, R reader) {
        long from = stretch.after().offset() + 1;
        long to = stretch.until().offset() + 1;
        if (from >= to && !stretch.until().isAfter(stretch.after())) {
            return CompletableFuture.completedFuture(reader);
        }
        return turns.take(() -> log.replay(partition, Math.min(from, to - 1), to, reader))
                .thenApply(nothing -> reader);
    }
}
