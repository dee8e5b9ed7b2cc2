package dev.convene.gateway.core.group;

import dev.convene.gateway.core.delivery.PresenceForm;
import dev.convene.gateway.core.delivery.Tail;
import dev.convene.gateway.core.life.CoreSettings;
import dev.convene.gateway.core.time.Scheduler;
import dev.convene.group.Group;
import dev.convene.group.GroupSettings;
import dev.convene.group.GroupShard;
import dev.convene.group.Member;
import dev.convene.group.QueueGroup;
import dev.convene.protocol.At;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Names;
import dev.convene.protocol.Position;
import dev.convene.protocol.Tenants;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.GroupOperation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Reads of the groups' state as this gateway has applied it, each with the position at which it is true. Thread-safe. */
final class Reads {
    private static final int PAGE_MAX = 1000;

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
        return membersOf(tail.shard(partition), operation).at(tail.at(Names.domainOf(operation.group()), at));
    }

    private Answer.MemberPage members(int partition, GroupShard shard, GroupOperation.Members operation) {
        return membersOf(shard, operation).at(tail.at(Names.domainOf(operation.group()), tail.lastAt(partition)));
    }

    private long deadlineMs() {
        return scheduler.nowMs() + settings.requestTimeoutMs();
    }

    /** The position to wait for; refuses one of another log, since nobody will ever get there. */
    private @Nullable Position wanted(@Nullable At at) {
        if (at == null) {
            return null;
        }
        if (!at.epoch().equals(tail.at(at.domain(), at.position()).epoch())) {
            throw new ConveneException(ErrorCode.NOT_RECOVERED, "at", ErrorCode.NOT_RECOVERED.advice());
        }
        return at.position();
    }

    private static Answer.MemberPage membersOf(GroupShard shard, GroupOperation.Members operation) {
        Group group = shard.groups().find(operation.group());
        Position wanted = operation.view();
        if (wanted != null && (group == null || !group.view().equals(wanted))) {
            throw new ConveneException(ErrorCode.VIEW_SUPERSEDED);
        }
        if (group == null) {
            return new Answer.MemberPage(operation.group(), null, 0, 0, List.of(), null);
        }
        int limit = Math.clamp(operation.limit(), 1, PAGE_MAX);
        List<Answer.Member> page = new ArrayList<>();
        String after = operation.after();
        String next = null;
        boolean reached = after == null;
        for (Member member : group.members()) {
            if (!reached) {
                reached = member.name().equals(after);
            } else if (page.size() == limit) {
                next = page.getLast().member();
                break;
            } else {
                QueueGroup queue = member.queue();
                page.add(new Answer.Member(
                        member.name(), PresenceForm.fromLog(member.presence()), queue == null ? null : queue.name()));
            }
        }
        return new Answer.MemberPage(group.name(), group.view(), group.size(), group.digest(), page, next);
    }

    private record Part(Position at, List<Answer.GroupSummary> groups) {}

    /**
     * @param partitions where to look
     * @param waits where to wait for what
     */
    CompletableFuture<Answer> groups(
            List<Integer> partitions, Map<Integer, List<At>> waits, GroupOperation.Groups operation) {
        List<CompletableFuture<Part>> parts = new ArrayList<>();
        for (int partition : partitions) {
            Position wanted = null;
            for (At at : waits.getOrDefault(partition, List.of())) {
                Position one = wanted(at);
                wanted = wanted == null || one != null && one.isAfter(wanted) ? one : wanted;
            }
            parts.add(tail.read(
                    partition,
                    wanted,
                    deadlineMs(),
                    shard -> new Part(tail.lastAt(partition), groupsOf(shard, operation))));
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
        List<Answer.GroupSummary> all = new ArrayList<>();
        Map<String, Position> positions = new HashMap<>();
        for (Part part : parts) {
            all.addAll(part.groups);
            part.groups.forEach(group -> positions.put(Names.domainOf(group.group()), part.at));
        }
        all.sort(Comparator.comparing(Answer.GroupSummary::group));
        int limit = Math.clamp(operation.limit(), 1, PAGE_MAX);
        boolean more = all.size() > limit;
        List<Answer.GroupSummary> page = more ? all.subList(0, limit) : all;
        for (Answer.GroupSummary group : page) {
            String domain = Names.domainOf(group.group());
            at.computeIfAbsent(domain, name -> tail.at(name, positions.getOrDefault(name, Position.START)));
        }
        return new Answer.GroupPage(page, more ? page.getLast().group() : null, List.copyOf(at.values()));
    }

    private static List<Answer.GroupSummary> groupsOf(GroupShard shard, GroupOperation.Groups operation) {
        String domain = operation.domain();
        String prefix = orEmpty(operation.prefix());
        if (domain != null && !Tenants.isDefaultDomain(domain) && (domain + "/").startsWith(prefix)) {
            prefix = domain + "/";
        }
        String after = orEmpty(operation.after());
        int limit = Math.clamp(operation.limit(), 1, PAGE_MAX) + 1;
        List<Answer.GroupSummary> found = new ArrayList<>();
        boolean fromPrefix = after.compareTo(prefix) < 0;
        Group first = fromPrefix ? shard.groups().find(prefix) : null;
        if (first != null) {
            add(first, domain, found);
        }
        for (Group group : shard.groups().sortedAfter(fromPrefix ? prefix : after)) {
            if (!group.name().startsWith(prefix) || found.size() >= limit) {
                break;
            }
            add(group, domain, found);
        }
        return found;
    }

    private static void add(Group group, @Nullable String domain, List<Answer.GroupSummary> into) {
        if (domain == null || Names.domainOf(group.name()).equals(domain)) {
            into.add(new Answer.GroupSummary(group.name(), group.size(), group.view()));
        }
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    CompletableFuture<GroupSettings> settings(int partition, String group) {
        return tail.read(partition, shard -> shard.groups().settings(group));
    }
}
