package dev.convene.group;

import dev.convene.protocol.Position;
import dev.convene.protocol.ViewReason;
import dev.convene.runtime.Effects;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Joins of the record that is applied now, gathered so that those of one group share a view. */
final class PendingViews {
    private final GroupListener listener;
    private final Map<Group, List<Member>> joined = new LinkedHashMap<>();

    PendingViews(GroupListener listener) {
        this.listener = listener;
    }

    void joined(Group group, Member member) {
        joined.computeIfAbsent(group, g -> new ArrayList<>(2)).add(member);
    }

    void flush(Effects effects) {
        if (joined.isEmpty()) {
            return;
        }
        joined.forEach((group, members) -> {
            Position id = effects.next();
            group.view(id);
            listener.view(new View(id, group, ViewReason.JOIN, members));
        });
        joined.clear();
    }
}
