package dev.convene.group;

import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Position;
import dev.convene.protocol.Tenants;
import dev.convene.protocol.group.GroupCommand;
import dev.convene.runtime.Attachment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The groups of a partition and who is in which. Read by the shard's thread only. */
public final class Groups {
    private final Map<String, Group> byName = new LinkedHashMap<>();
    /** By tenant: whoever lists its groups does not pass over those of others. */
    private final Map<String, NavigableMap<String, Group>> sorted = new LinkedHashMap<>();

    /** What one session has joined, in join order. */
    static final class Joined {
        final Map<String, Member> members = new LinkedHashMap<>();
        private long presenceBytes;
    }

    private final Map<Long, Joined> joined = new LinkedHashMap<>();
    private final QueuedMessages queued = new QueuedMessages();
    private int memberships;
    private long presenceBytes;

    private final Map<String, GroupSettings> settings = new LinkedHashMap<>();

    /** The group with this name, or null if it has neither members nor messages in queues. */
    public @Nullable Group find(String name) {
        return byName.get(name);
    }

    public int count() {
        return byName.size();
    }

    /** All groups, in the order in which they came into being; a live view. */
    public Collection<Group> all() {
        return Collections.unmodifiableCollection(byName.values());
    }

    /** The groups above a name that belong to the same tenant, in the order of their names; a live view. */
    public Collection<Group> sortedAfter(String name) {
        NavigableMap<String, Group> ofTenant = sorted.get(Tenants.tenantOf(name));
        return ofTenant == null
                ? List.of()
                : Collections.unmodifiableCollection(
                        ofTenant.tailMap(name, false).values());
    }

    private void add(Group group) {
        byName.put(group.name(), group);
        sorted.computeIfAbsent(Tenants.tenantOf(group.name()), tenant -> new TreeMap<>())
                .put(group.name(), group);
    }

    private void remove(Group group) {
        byName.remove(group.name());
        String tenant = Tenants.tenantOf(group.name());
        NavigableMap<String, Group> ofTenant = sorted.get(tenant);
        if (ofTenant != null && ofTenant.remove(group.name()) != null && ofTenant.isEmpty()) {
            sorted.remove(tenant);
        }
    }

    /** What this session has joined, in join order. */
    public List<Member> of(long session) {
        Joined all = joined.get(session);
        return all == null ? List.of() : List.copyOf(all.members.values());
    }

    /** The messages in the queues of all groups. */
    QueuedMessages queued() {
        return queued;
    }

    /** What the presence data of all members takes, bytes. */
    long presenceBytes() {
        return presenceBytes;
    }

    /** Why the session cannot have presence data of so many bytes in place of what it has in a group, or null. */
    @Nullable ErrorCode whyNotPresence(long session, int oldBytes, int newBytes) {
        if (newBytes > GroupLimits.PRESENCE_BYTES_MAX) {
            return ErrorCode.PRESENCE_TOO_LARGE;
        }
        if (newBytes <= oldBytes) {
            return null;
        }
        Joined all = joined.get(session);
        int more = newBytes - oldBytes;
        long free = GroupLimits.PRESENCE_BYTES_OF_ALL_MAX - presenceBytes;
        long share = Math.min(GroupLimits.PRESENCE_BYTES_PER_SESSION_MAX, free / GroupLimits.PRESENCE_FREE_PART);
        return (all == null ? 0 : all.presenceBytes) + more > share ? ErrorCode.PRESENCE_FULL : null;
    }

    void presence(Member member, byte[] data) {
        countPresence(member.session().id(), data.length - member.presence().length);
        member.presence(data);
    }

    private void countPresence(long session, int more) {
        Joined all = joined.get(session);
        if (all != null) {
            all.presenceBytes += more;
            presenceBytes += more;
        }
    }

    /** What was set for this group name. */
    public GroupSettings settings(String name) {
        return settings.getOrDefault(name, GroupSettings.DEFAULT);
    }

    @Nullable ErrorCode whyNotJoin(String name, long session) {
        Joined all = joined.get(session);
        if (all != null && all.members.size() >= GroupLimits.GROUPS_PER_SESSION_MAX) {
            return ErrorCode.TOO_MANY_GROUPS_JOINED;
        }
        if (memberships >= GroupLimits.MEMBERSHIPS_MAX) {
            return ErrorCode.TOO_MANY_MEMBERS;
        }
        Group group = byName.get(name);
        if (group == null) {
            return byName.size() >= GroupLimits.GROUPS_MAX ? ErrorCode.TOO_MANY_GROUPS : null;
        }
        return group.size() >= GroupLimits.MEMBERS_MAX ? ErrorCode.TOO_MANY_MEMBERS : null;
    }

    Group findOrCreate(String name) {
        Group present = byName.get(name);
        if (present != null) {
            return present;
        }
        Group group = new Group(name, queued);
        add(group);
        return group;
    }

    Member join(Group group, Attachment session, Position at, GroupCommand.Join c) {
        QueueGroup queue = c.queue().isEmpty() ? null : group.queue(c.queue());
        Member member = new Member(session, group, at, c.membership(), queue, c.presence());
        group.add(member);
        noteJoined(session.id(), member);
        if (queue != null) {
            queue.join(member);
        }
        return member;
    }

    void leave(Group group, Member member) {
        group.remove(member);
        QueueGroup queue = member.queue();
        if (queue != null) {
            queue.leave(member);
        }
        long session = member.session().id();
        Joined all = joined.get(session);
        if (all != null && all.members.remove(group.name(), member)) {
            memberships--;
            countPresence(session, -member.presence().length);
            if (all.members.isEmpty()) {
                joined.remove(session);
            }
        }
        if (group.size() == 0 && !group.holdsMessages()) {
            remove(group);
        }
    }

    /** The groups that any of these sessions is in, by name. */
    List<Group> touchedBy(List<Attachment> sessions) {
        NavigableMap<String, Group> touched = new TreeMap<>();
        for (Attachment session : sessions) {
            Joined all = joined.get(session.id());
            if (all != null) {
                all.members.forEach((name, member) -> touched.put(name, member.group()));
            }
        }
        return new ArrayList<>(touched.values());
    }

    void restored(Group group) {
        add(group);
    }

    void noteJoined(long session, Member member) {
        joined.computeIfAbsent(session, id -> new Joined())
                .members
                .put(member.group().name(), member);
        memberships++;
        countPresence(session, member.presence().length);
    }

    boolean hasRoomForSettings(String name) {
        return settings.containsKey(name) || settings.size() < GroupLimits.SETTINGS_MAX;
    }

    void settings(String name, GroupSettings value) {
        if (value.equals(GroupSettings.DEFAULT)) {
            settings.remove(name);
        } else {
            settings.put(name, value);
        }
    }

    Map<String, GroupSettings> allSettings() {
        return settings;
    }

    /** What each session has joined, in the order in which sessions joined first. */
    Map<Long, Joined> joined() {
        return joined;
    }
}
