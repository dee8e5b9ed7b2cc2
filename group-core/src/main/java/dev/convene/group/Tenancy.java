package dev.convene.group;

import dev.convene.protocol.Tenants;
import dev.convene.protocol.group.GroupCommand;
import dev.convene.runtime.Attachment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * That a command stays within one tenant: that of its session, where a session asks, and else that of its first name. Gateways
 * give no other names; this holds whatever they do. For a session a name of another tenant is no legal name.
 */
final class Tenancy {
    private Tenancy() {}

    static boolean isKept(GroupCommand command, @Nullable Attachment session) {
        return switch (command) {
            case GroupCommand.Multicast c -> isKept(c, session);
            case GroupCommand.Join c -> isOf(session, c.group());
            case GroupCommand.Leave c -> isOf(session, c.group());
            case GroupCommand.SetPresence c -> isOf(session, c.group());
            case GroupCommand.Acknowledge c -> isOf(session, c.group());
            case GroupCommand.ListMembers c -> isOf(session, c.group());
            case GroupCommand.SetSettings c -> isOf(session, c.group());
        };
    }

    private static boolean isKept(GroupCommand.Multicast c, @Nullable Attachment session) {
        List<String> groups = c.groups();
        if (groups.isEmpty()) {
            return true;
        }
        String whose = session == null ? groups.getFirst() : session.privateName();
        for (int i = 0; i < groups.size(); i++) {
            if (!Tenants.areOfOne(whose, groups.get(i))) {
                return false;
            }
        }
        return c.replyTo().isEmpty() || Tenants.areOfOne(whose, c.replyTo());
    }

    private static boolean isOf(@Nullable Attachment session, String group) {
        return session == null || Tenants.areOfOne(session.privateName(), group);
    }
}
