package dev.convene.group;

import dev.convene.protocol.Position;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A group from its first join until it has neither members nor messages in its queues. Read by the shard's thread only.
 */
public final class Group {
    private final String name;
    private final Map<Long, Member> members = new LinkedHashMap<>();
    private final Map<String, QueueGroup> queues = new LinkedHashMap<>();
    private final QueuedMessages queued;
    private Position view = Position.START;
    private long digest;

    /** @param queued the messages in the queues of the partition */
    Group(String name, QueuedMessages queued) {
        this.name = name;
        this.queued = queued;
    }

    public String name() {
        return name;
    }

    /** The members in join order, oldest first; a live view. */
    public Collection<Member> members() {
        return Collections.unmodifiableCollection(members.values());
    }

    public int size() {
        return members.size();
    }

    /** The member that this session is, or null. */
    public @Nullable Member member(long session) {
        return members.get(session);
    }

    /** The newest view's id. */
    public Position view() {
        return view;
    }

    /** Exclusive or of the members' name hashes (the first eight bytes of SHA-256 of the name). */
    public long digest() {
        return digest;
    }

    /** The queue groups in order of their first join; a live view. */
    public Collection<QueueGroup> queues() {
        return Collections.unmodifiableCollection(queues.values());
    }

    /** Whether messages wait in its queues, for members to come if there are none. */
    boolean holdsMessages() {
        for (QueueGroup queue : queues.values()) {
            if (queue.count() > 0) {
                return true;
            }
        }
        return false;
    }

    void view(Position id) {
        view = id;
    }

    void add(Member member) {
        members.put(member.session().id(), member);
        digest ^= member.nameHash();
    }

    void remove(Member member) {
        members.remove(member.session().id());
        digest ^= member.nameHash();
    }

    QueueGroup queue(String queueName) {
        return queues.computeIfAbsent(queueName, n -> new QueueGroup(this, n, queued));
    }

    void removeQueue(QueueGroup queue) {
        queues.remove(queue.name(), queue);
    }
}
