package dev.convene.group;

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
        QueueGroup queue = member.queue();
        return new Answer.Member(
                member.name(), PresenceForm.fromLog(member.presence()), queue == null ? null : queue.name());
    }

    /**
     * A page of the groups of one tenant by name, beginning after {@code after}; of one domain and with a prefix if asked
     * for. The tenant is that of the prefix.
     */
    public static Answer.GroupPage groups(Groups groups, GroupOperation.Groups asked) {
        String domain = asked.domain();
        String prefix = prefix(asked);
        int limit = Math.clamp(asked.limit(), 1, PAGE_MAX);
        List<Answer.GroupSummary> page = new ArrayList<>();
        Walk walk = new Walk(groups, prefix, orEmpty(asked.after()));
        String before = orEmpty(asked.after());
        Group group;
        for (int i = 0; (group = walk.next()) != null && group.name().startsWith(prefix); i++) {
            if (page.size() == limit || i == LOOKED_AT_MAX) {
                return new Answer.GroupPage(page, before);
            }
            before = group.name();
            if (domain == null || domain.equals(Names.domainOf(before))) {
                page.add(new Answer.GroupSummary(before, group.size(), group.view()));
            } else {
                walk.leave(Names.domainOf(before));
            }
        }
        return new Answer.GroupPage(page, null);
    }

    /** Names of a domain other than the default one begin with it. */
    private static String prefix(GroupOperation.Groups asked) {
        String domain = asked.domain();
        String prefix = orEmpty(asked.prefix());
        boolean narrower = domain != null && !Tenants.isDefaultDomain(domain) && (domain + "/").startsWith(prefix);
        return narrower ? domain + "/" : prefix;
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    /** Goes through the groups by name. */
    private static final class Walk {
        private final Groups groups;
        private @Nullable Group first;
        private Iterator<Group> rest;
        private String at;

        private Walk(Groups groups, String prefix, String after) {
            boolean atPrefix = after.compareTo(prefix) < 0;
            this.groups = groups;
            this.at = atPrefix ? prefix : after;
            this.first = atPrefix ? groups.find(prefix) : null;
            this.rest = groups.sortedAfter(at).iterator();
        }

        private @Nullable Group next() {
            Group next = first != null ? first : rest.hasNext() ? rest.next() : null;
            first = null;
            at = next == null ? at : next.name();
            return next;
        }

        /** Passes over what else this domain has: no name of it comes after the last character that names have. */
        private void leave(String domain) {
            String end = domain + "/~";
            if (at.compareTo(end) < 0) {
                rest = groups.sortedAfter(end).iterator();
            }
        }
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
