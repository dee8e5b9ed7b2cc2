package dev.convene.gateway.core.group;

import dev.convene.gateway.core.delivery.Tail;
import dev.convene.gateway.core.life.CoreSettings;
import dev.convene.gateway.core.time.Scheduler;
import dev.convene.group.GroupReads;
import dev.convene.group.GroupSettings;
import dev.convene.group.GroupShard;
import dev.convene.protocol.At;
import dev.convene.protocol.Names;
import dev.convene.protocol.Position;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.GroupOperation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Reads of the groups' state as this gateway has applied it, each with the position at which it is true. Thread-safe. */
final class Reads {
    private final Tail tail;
    private final CoreSettings settings;
    private final Scheduler scheduler;

    Reads(Tail tail, CoreSettings settings, Scheduler scheduler) {
        this.tail = tail;
        this.settings = settings;
        this.scheduler = scheduler;
    }

    /** As of what is applied now, or when the position that is asked for has been. */
    CompletableFuture<Answer> members(int partition, GroupOperation.Members operation) {
        return tail.read(
                partition, wanted(operation.at()), deadlineMs(), shard -> members(partition, shard, operation));
    }

    /** As of the record that is being applied; on the tail's thread, in a reply. */
    Answer membersNow(int partition, Position at, GroupOperation.Members operation) {
        return GroupReads.members(tail.shard(partition).groups(), operation)
                .at(tail.at(Names.domainOf(operation.group()), at));
    }

    private Answer.MemberPage members(int partition, GroupShard shard, GroupOperation.Members operation) {
        return GroupReads.members(shard.groups(), operation)
                .at(tail.at(Names.domainOf(operation.group()), tail.lastAt(partition)));
    }

    private long deadlineMs() {
        return scheduler.nowMs() + settings.requestTimeoutMs();
    }

    /** The position to wait for; refuses one of another log, since nobody will ever get there. */
    private @Nullable Position wanted(@Nullable At at) {
        if (at == null) {
            return null;
        }
        tail.requireOfThisLog(at, "members.at");
        return at.position();
    }

    private record Part(Position at, Answer.GroupPage page) {}

    /**
     * @param partitions where to look
     * @param waits by partition the position of this log to wait for
     */
    CompletableFuture<Answer> groups(
            List<Integer> partitions, Map<Integer, Position> waits, GroupOperation.Groups operation) {
        List<CompletableFuture<Part>> parts = new ArrayList<>();
        for (int partition : partitions) {
            parts.add(tail.read(
                    partition,
                    waits.get(partition),
                    deadlineMs(),
                    shard -> new Part(tail.lastAt(partition), GroupReads.groups(shard.groups(), operation))));
        }
        return CompletableFuture.allOf(parts.toArray(new CompletableFuture<?>[0]))
                .thenApply(nothing ->
                        page(parts.stream().map(CompletableFuture::join).toList(), operation));
    }

    private Answer page(List<Part> parts, GroupOperation.Groups operation) {
        Map<String, At> at = new LinkedHashMap<>();
        String asked = operation.domain();
        if (asked != null) {
            at.put(asked, tail.at(asked, parts.getFirst().at));
        }
        Map<String, Position> positions = new HashMap<>();
        for (Part part : parts) {
            part.page.groups().forEach(group -> positions.put(Names.domainOf(group.group()), part.at));
        }
        Answer.GroupPage page = GroupReads.merge(
                parts.stream().map(Part::page).toList(), Math.clamp(operation.limit(), 1, GroupReads.PAGE_MAX));
        for (Answer.GroupSummary group : page.groups()) {
            String domain = Names.domainOf(group.group());
            at.computeIfAbsent(domain, name -> tail.at(name, positions.getOrDefault(name, Position.START)));
        }
        return new Answer.GroupPage(page.groups(), page.next(), List.copyOf(at.values()));
    }

    CompletableFuture<GroupSettings> settings(int partition, String group) {
        return tail.read(partition, shard -> shard.groups().settings(group));
    }
}
