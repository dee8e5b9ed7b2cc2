package dev.convene.gateway.core.delivery;

import dev.convene.group.Delivery;
import dev.convene.group.Group;
import dev.convene.group.Member;
import dev.convene.group.PresenceForm;
import dev.convene.group.View;
import dev.convene.protocol.At;
import dev.convene.protocol.Names;
import dev.convene.protocol.Position;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.Tenants;
import dev.convene.protocol.ViewReason;
import dev.convene.protocol.frame.Body;
import dev.convene.protocol.frame.Push;
import dev.convene.protocol.group.GroupCommand;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes what clients see, but for {@link SharedPush bare} names, of what the group state machine says. Immutable. */
public final class Pushes {
    private static final int NAME_BYTES = 24;

    private final String epoch;
    private final int membersListedMax;

    /**
     * @param epoch the log's epoch
     * @param membersListedMax largest group whose members are listed in views
     */
    public Pushes(String epoch, int membersListedMax) {
        this.epoch = epoch;
        this.membersListedMax = membersListedMax;
    }

    String epoch() {
        return epoch;
    }

    /** A position as clients see it, but in a qualified domain. */
    public At at(String domain, Position position) {
        return new At(domain, epoch, position);
    }

    /** The domain of a message: that of its ordinary targets, or its tenant's default one if it has none. */
    public static String domainOf(GroupCommand.Multicast message) {
        for (String group : message.groups()) {
            if (!Tenants.isPrivate(group)) {
                return Names.domainOf(group);
            }
        }
        return Tenants.defaultDomainOf(message.groups().getFirst());
    }

    public Push.Message message(Delivery delivery, @Nullable String queue, boolean history) {
        GroupCommand.Multicast message = delivery.message();
        return new Push.Message(
                at(domainOf(message), delivery.at()),
                message.from(),
                message.groups(),
                message.service(),
                message.type(),
                body(message),
                message.replyTo().isEmpty() ? null : message.replyTo(),
                message.correlation().isEmpty() ? null : message.correlation(),
                delivery.redelivered(),
                history,
                queue);
    }

    private static Body body(GroupCommand.Multicast message) {
        return new Body(message.content(), message.payload());
    }

    SharedPush shared(Delivery delivery, @Nullable String queue, boolean history) {
        GroupCommand.Multicast message = delivery.message();
        return new SharedPush(
                message(delivery, queue, history),
                bytes(message),
                message.service() == ServiceLevel.UNRELIABLE && queue == null);
    }

    /** A message to sessions that may wait for it as the reply to a request. */
    SharedPush reply(Delivery delivery) {
        return new ReplyPush(
                message(delivery, null, false),
                bytes(delivery.message()),
                delivery.message().service() == ServiceLevel.UNRELIABLE);
    }

    private static int bytes(GroupCommand.Multicast message) {
        return message.payload().length + NAME_BYTES * message.groups().size();
    }

    /** A message as it is told afterwards. */
    public SharedPush history(Delivery delivery) {
        return shared(delivery, null, true);
    }

    /** Size of a message's body; 0 for everything else. */
    public static int bodyBytes(SharedPush push) {
        return push.push() instanceof Push.Message message ? message.body().size() : 0;
    }

    SharedPush shared(View view) {
        Group group = view.group();
        boolean listed = group.size() <= membersListedMax;
        List<String> members = listed ? names(group.members()) : null;
        // In a group too large to list, those that came along are all that its members page lists.
        boolean all = view.reason() == ViewReason.NETWORK && !listed;
        List<String> changed = all ? List.of() : names(view.changed());
        int count = changed.size() + (members == null ? 0 : members.size());
        Push.View push = new Push.View(
                at(Names.domainOf(group.name()), view.id()),
                group.name(),
                view.id(),
                view.reason(),
                members,
                group.size(),
                group.digest(),
                changed,
                false);
        return new SharedPush(push, NAME_BYTES * count, false);
    }

    SharedPush transitional(Position at, Group group) {
        return new SharedPush(new Push.Transitional(at(Names.domainOf(group.name()), at), group.name()), 0, false);
    }

    SharedPush left(Position at, Group group) {
        return new SharedPush(new Push.Left(at(Names.domainOf(group.name()), at), group.name()), 0, false);
    }

    SharedPush presence(Position at, Group group, Member member) {
        Push.Presence push = new Push.Presence(
                at(Names.domainOf(group.name()), at),
                group.name(),
                member.name(),
                PresenceForm.fromLog(member.presence()));
        return new SharedPush(push, member.presence().length, false);
    }

    private static List<String> names(Iterable<Member> members) {
        List<String> names = new ArrayList<>();
        members.forEach(member -> names.add(member.name()));
        return names;
    }
}
