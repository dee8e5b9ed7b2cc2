package dev.convene.gateway.core.group;

import dev.convene.gateway.core.delivery.PresenceForm;
import dev.convene.gateway.core.delivery.Tail;
import dev.convene.group.Group;
import dev.convene.group.GroupSettings;
import dev.convene.group.GroupShard;
import dev.convene.group.Member;
import dev.convene.group.QueueGroup;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Names;
import dev.convene.protocol.Position;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.GroupOperation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Reads of the groups' state as this gateway has applied it. Thread-safe. */
final class Reads {
    private static final int PAGE_MAX = 1000;

    private final Tail tail;

    Reads(Tail tail) {
        this.tail = tail;
    }

    CompletableFuture<Answer> members(int partition, GroupOperation.Members operation) {
        return tail.read(partition, shard -> membersOf(shard, operation));
    }

    private static Answer membersOf(GroupShard shard, GroupOperation.Members operation) {
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

    /** @param partitions where to look */
    CompletableFuture<Answer> groups(List<Integer> partitions, GroupOperation.Groups operation) {
        List<CompletableFuture<List<Answer.GroupSummary>>> parts = new ArrayList<>();
        for (int partition : partitions) {
            parts.add(tail.read(partition, shard -> groupsOf(shard, operation)));
        }
        return CompletableFuture.allOf(parts.toArray(new CompletableFuture<?>[0]))
                .thenApply(nothing -> {
                    List<Answer.GroupSummary> all = new ArrayList<>();
                    parts.forEach(part -> all.addAll(part.join()));
                    all.sort(Comparator.comparing(Answer.GroupSummary::group));
                    int limit = Math.clamp(operation.limit(), 1, PAGE_MAX);
                    boolean more = all.size() > limit;
                    List<Answer.GroupSummary> page = more ? all.subList(0, limit) : all;
                    return new Answer.GroupPage(page, more ? page.getLast().group() : null);
                });
    }

    private static List<Answer.GroupSummary> groupsOf(GroupShard shard, GroupOperation.Groups operation) {
        String domain = operation.domain();
        String prefix = orEmpty(operation.prefix());
        if (domain != null && !domain.equals(Names.DEFAULT_DOMAIN) && (domain + "/").startsWith(prefix)) {
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
