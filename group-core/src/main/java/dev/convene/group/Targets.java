package dev.convene.group;

import dev.convene.protocol.Tenants;
import dev.convene.runtime.Attachment;
import dev.convene.runtime.ShardContext;
import java.util.ArrayList;
import java.util.List;

/** Whom the targets of a message name, as of now. */
record Targets(List<Group> groups, List<Attachment> privateReceivers, List<QueueGroup> queues, List<String> dropped) {
    private static final Targets NOBODY = new Targets(List.of(), List.of(), List.of(), List.of());

    static Targets find(List<String> names, Groups groups, ShardContext context) {
        if (names.size() == 1 && !Tenants.isPrivate(names.getFirst())) {
            Group group = groups.find(names.getFirst());
            return group == null ? NOBODY : new Targets(List.of(group), List.of(), queuesOf(group), List.of());
        }
        List<Group> found = new ArrayList<>(names.size());
        List<Attachment> sessions = new ArrayList<>(1);
        List<QueueGroup> queues = new ArrayList<>(0);
        List<String> dropped = new ArrayList<>(0);
        for (String name : names) {
            if (Tenants.isPrivate(name)) {
                Attachment session = context.session(name);
                if (session == null) {
                    dropped.add(name);
                } else {
                    sessions.add(session);
                }
            } else {
                Group group = groups.find(name);
                if (group != null && !found.contains(group)) {
                    found.add(group);
                    queues.addAll(group.queues());
                }
            }
        }
        return new Targets(found, sessions, queues, dropped);
    }

    private static List<QueueGroup> queuesOf(Group group) {
        return group.queues().isEmpty() ? List.of() : List.copyOf(group.queues());
    }
}
