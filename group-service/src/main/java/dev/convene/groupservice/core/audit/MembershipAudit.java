package dev.convene.groupservice.core.audit;

import dev.convene.group.Delivery;
import dev.convene.group.Group;
import dev.convene.group.GroupListener;
import dev.convene.group.Member;
import dev.convene.group.View;
import dev.convene.groupservice.core.sessions.SessionsShard;
import dev.convene.protocol.Position;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Turns the views of one partition into audit facts. Messages are nobody's business here. A group's last member goes without
 * a view: by a leave, which is told as the end of the group, or with its session, whose end is a fact of its own.
 */
public final class MembershipAudit implements GroupListener {
    /** Names that one fact may carry. */
    private static final int CHANGED_MAX = 1000;

    private final AuditLog audit;

    /** @param audit knows the partition; facts name 0 */
    public MembershipAudit(AuditLog audit) {
        this.audit = audit;
    }

    @Override
    public void view(View view) {
        List<String> changed =
                view.changed().stream().limit(CHANGED_MAX).map(Member::name).toList();
        tell("view", view.id(), view.group(), view.reason().name().toLowerCase(Locale.ROOT), changed);
    }

    @Override
    public void selfLeft(Position at, Group group, Member leaver) {
        if (group.size() == 0) {
            tell("group-ended", at, group, "leave", List.of(leaver.name()));
        }
    }

    private void tell(String kind, Position at, Group group, String reason, List<String> changed) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("group", group.name());
        details.put("reason", reason);
        details.put("members", group.size());
        details.put("changed", changed);
        audit.tell(new AuditFact(kind, SessionsShard.GROUPS_LOG, 0, at.offset(), at.index(), details));
    }

    @Override
    public void message(Delivery delivery) {}

    @Override
    public void transitional(Position at, Group group) {}

    @Override
    public void presence(Position at, Group group, Member member) {}

    @Override
    public void memberAdded(Group group, Member member) {}

    @Override
    public void memberRemoved(Group group, Member member) {}
}
