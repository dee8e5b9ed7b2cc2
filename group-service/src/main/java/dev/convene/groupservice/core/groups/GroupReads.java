package dev.convene.groupservice.core.groups;

import dev.convene.group.Group;
import dev.convene.group.GroupSettings;
import dev.convene.group.Groups;
import dev.convene.group.Member;
import dev.convene.group.QueueGroup;
import dev.convene.protocol.At;
import dev.convene.protocol.Content;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Names;
import dev.convene.protocol.Position;
import dev.convene.protocol.Tenants;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.Body;
import dev.convene.protocol.frame.GroupOperation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers to reads, taken from the groups of one partition. Called on the shard's thread. */
public final class GroupReads {
    /** Members or groups that one page may hold, whatever was asked for. */
    public static final int PAGE_MAX = 1000;
    /** Groups that one page looks at, so that a filter that finds nothing does not hold up the shard. */
    private static final int LOOKED_AT_MAX = 10_000;

    private GroupReads() {}

    /**
     * A page of the members in join order, beginning after the member named {@code after}. If that one has left since, the
     * pages do not fit together any longer: then, and when another view was asked for than the newest, the caller is told
     * to begin again.
     */
    public static Answer.MemberPage members(Groups groups, GroupOperation.Members asked) {
        Group group = groups.find(asked.group());
        if (group == null) {
            return new Answer.MemberPage(asked.group(), null, 0, 0, List.of(), null);
        }
        Position view = asked.view();
        if (view != null && !view.equals(group.view())) {
            throw new ConveneException(ErrorCode.VIEW_SUPERSEDED, "members.view", ErrorCode.VIEW_SUPERSEDED.advice());
        }
        Iterator<Member> members = group.members().iterator();
        skipTo(asked.after(), members);
        List<Answer.Member> page = new ArrayList<>();
        int limit = Math.min(asked.limit(), PAGE_MAX);
        while (members.hasNext() && page.size() < limit) {
            page.add(member(members.next()));
        }
        String next = members.hasNext() && !page.isEmpty() ? page.getLast().member() : null;
        return new Answer.MemberPage(group.name(), group.view(), group.size(), group.digest(), page, next);
    }

    private static void skipTo(@Nullable String after, Iterator<Member> members) {
        if (after == null) {
            return;
        }
        while (members.hasNext()) {
            if (members.next().name().equals(after)) {
                return;
            }
        }
        throw new ConveneException(
                ErrorCode.VIEW_SUPERSEDED, "members.after", "that member has left since; begin again without after");
    }

    private static Answer.Member member(Member member) {
        byte[] presence = member.presence();
        QueueGroup queue = member.queue();
        return new Answer.Member(
                member.name(),
                presence.length == 0 ? null : new Body(Content.JSON, presence),
                queue == null ? null : queue.name());
    }

    /**
     * A page of the groups of one tenant by name, beginning after {@code after}; of one domain and with a prefix if asked
     * for. The tenant is that of the prefix.
     */
    public static Answer.GroupPage groups(Groups groups, GroupOperation.Groups asked) {
        String prefix = asked.prefix() == null ? "" : asked.prefix();
        String after = asked.after() == null ? Tenants.qualify(Tenants.tenantOf(prefix), "") : asked.after();
        List<Answer.GroupSummary> page = new ArrayList<>();
        int limit = Math.min(asked.limit(), PAGE_MAX);
        int lookedAt = 0;
        for (Group group : groups.sortedAfter(after)) {
            if (page.size() == limit || lookedAt++ == LOOKED_AT_MAX) {
                return new Answer.GroupPage(page, after);
            }
            after = group.name();
            boolean isInDomain = asked.domain() == null || asked.domain().equals(Names.domainOf(after));
            if (isInDomain && after.startsWith(prefix)) {
                page.add(new Answer.GroupSummary(after, group.size(), group.view()));
            }
        }
        return new Answer.GroupPage(page, null);
    }

    /** One page out of the pages of several partitions for the same question: nothing is left out in between. */
    public static Answer.GroupPage merge(List<Answer.GroupPage> pages, int limit) {
        String complete = null;
        List<Answer.GroupSummary> all = new ArrayList<>();
        for (Answer.GroupPage page : pages) {
            all.addAll(page.groups());
            String next = page.next();
            if (next != null && (complete == null || next.compareTo(complete) < 0)) {
                complete = next;
            }
        }
        String upTo = complete;
        List<Answer.GroupSummary> kept = all.stream()
                .filter(group -> upTo == null || group.group().compareTo(upTo) <= 0)
                .sorted(Comparator.comparing(Answer.GroupSummary::group))
                .toList();
        if (kept.size() <= limit) {
            return new Answer.GroupPage(kept, upTo);
        }
        List<Answer.GroupSummary> first = kept.subList(0, limit);
        return new Answer.GroupPage(first, first.getLast().group());
    }

    /**
     * The settings in force.
     *
     * @param at the position that they are true at
     */
    public static Answer.SettingsInForce settings(Groups groups, String group, @Nullable At at) {
        GroupSettings settings = groups.settings(group);
        return new Answer.SettingsInForce(at, set(settings.historyMs()), set(settings.historyBytes()));
    }

    private static @Nullable Long set(long value) {
        return value < 0 ? null : value;
    }
}
