package dev.convene.group;

import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Names;
import dev.convene.protocol.Position;
import dev.convene.protocol.Tenants;
import dev.convene.protocol.ViewReason;
import dev.convene.protocol.group.GroupCommand;
import dev.convene.protocol.log.Answer;
import dev.convene.protocol.log.Decoder;
import dev.convene.protocol.log.Encoder;
import dev.convene.runtime.Attachment;
import dev.convene.runtime.Change;
import dev.convene.runtime.Effects;
import dev.convene.runtime.Request;
import dev.convene.runtime.SessionEnd;
import dev.convene.runtime.Shard;
import dev.convene.runtime.ShardContext;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One partition of the group log as a state machine.
 *
 * <p>Answers: a multicast is answered with its position and, as body, the private groups that were not there
 * ({@link MulticastReply}); everything else with its position and no body. A reader that needs more (a member list) looks
 * at the state when the answer passes by: it is the state at that position.
 *
 * <p>Names are {@linkplain Tenants qualified}. A command that reaches from one tenant to another is refused
 * ({@link Tenancy}).
 *
 * <p>Joins in one log record that concern the same group share one view; it is given out when the record ends.
 */
public final class GroupShard implements Shard<GroupCommand> {
    private final GroupListener listener;
    private final Groups groups = new Groups();
    private final Precedents precedents = new Precedents();
    private final PendingViews views;
    /** Queue groups that may have something to serve when the record ends. */
    private final List<QueueGroup> touchedQueues = new ArrayList<>();

    private @Nullable ShardContext context;

    public GroupShard(GroupListener listener) {
        this.listener = listener;
        this.views = new PendingViews(listener);
    }

    @Override
    public void begin(ShardContext surroundings) {
        context = surroundings;
    }

    /** The groups as of the last applied record. */
    public Groups groups() {
        return groups;
    }

    /** Of each other partition the newest offset that precedes anything of this one. */
    public List<GroupCommand.Cause> precedents() {
        return precedents.all();
    }

    @Override
    public GroupCommand decode(byte[] body, byte @Nullable [] payload) {
        return GroupCommand.read(body, payload);
    }

    /** The same message from a client without a session is the same through any gateway. */
    @Override
    public byte[] identity(byte[] body, byte @Nullable [] payload) {
        return GroupCommand.read(body, payload) instanceof GroupCommand.Multicast message
                ? asAsked(message, "", List.of()).toBytes()
                : body;
    }

    @Override
    public Change prepare(GroupCommand command, Request request) {
        if (!Tenancy.isKept(command, request.session())) {
            return Change.refuse(request, ErrorCode.ILLEGAL_GROUP_NAME);
        }
        return switch (command) {
            case GroupCommand.Multicast c -> multicast(c, request);
            case GroupCommand.Join c -> join(c, request);
            case GroupCommand.Leave c -> leave(c, request);
            case GroupCommand.SetPresence c -> setPresence(c, request);
            case GroupCommand.Acknowledge c -> acknowledge(c, request);
            case GroupCommand.ListMembers c -> listMembers(request);
            case GroupCommand.SetSettings c -> setSettings(c, request);
        };
    }

    private Change multicast(GroupCommand.Multicast c, Request request) {
        if (c.groups().isEmpty()) {
            return Change.refuse(request, ErrorCode.NO_TARGET);
        }
        if (c.groups().size() > GroupLimits.TARGETS_MAX) {
            return Change.refuse(request, ErrorCode.TOO_MANY_TARGETS);
        }
        for (String name : c.groups()) {
            if (!isTarget(name)) {
                return Change.refuse(request, ErrorCode.ILLEGAL_GROUP_NAME);
            }
        }
        Targets targets = Targets.find(c.groups(), groups, surroundings());
        for (QueueGroup queue : targets.queues()) {
            if (queue.isFullFor(c.payload().length)) {
                return Change.refuse(request, ErrorCode.QUEUE_FULL);
            }
        }
        return effects -> deliver(underTrueName(c, request.session()), request, targets, effects);
    }

    /** A private name that nobody has is told as dropped, whatever its characters are. */
    private static boolean isTarget(String name) {
        return Tenants.isPrivate(name)
                ? Tenants.strip(name).length() <= Names.PRIVATE_NAME_MAX
                : Tenants.isGroupName(name);
    }

    /** A session's own name counts, whatever the record says. */
    private static GroupCommand.Multicast underTrueName(GroupCommand.Multicast c, @Nullable Attachment session) {
        return session == null || c.from().equals(session.privateName())
                ? c
                : asAsked(c, session.privateName(), c.causes());
    }

    /** The same under another name and with other causes, neither of which its sender has chosen. */
    private static GroupCommand.Multicast asAsked(
            GroupCommand.Multicast c, String from, List<GroupCommand.Cause> causes) {
        return new GroupCommand.Multicast(
                c.groups(),
                from,
                c.service(),
                c.type(),
                c.selfDiscard(),
                c.content(),
                c.replyTo(),
                c.correlation(),
                causes,
                c.payload());
    }

    private void deliver(GroupCommand.Multicast message, Request request, Targets targets, Effects effects) {
        views.flush(effects);
        precedents.raise(message.causes());
        Position at = effects.next();
        Attachment sender = request.session();
        listener.message(
                new Delivery(at, message, sender, targets.groups(), targets.privateReceivers(), List.of(), false));
        if (!targets.queues().isEmpty()) {
            long excluded = sender == null || !message.selfDiscard() ? 0 : sender.id();
            QueuedMessages.Message queued = new QueuedMessages.Message(at, message, excluded);
            // All queues hold it before the first can have done with it.
            targets.queues().forEach(queue -> queue.add(queued));
            targets.queues().forEach(queue -> serve(queue, effects));
        }
        effects.answer(request, Answer.ok(at, MulticastReply.dropped(targets.dropped())));
    }

    private void serve(QueueGroup queue, Effects effects) {
        QueueGroup.Given given;
        while ((given = queue.serve(effects)) != null) {
            listener.message(new Delivery(
                    given.at(),
                    given.queued().message().command,
                    null,
                    List.of(),
                    List.of(),
                    List.of(given.member()),
                    given.queued().redelivered()));
        }
        queue.served();
    }

    private Change join(GroupCommand.Join c, Request request) {
        Attachment session = request.session();
        if (session == null) {
            return Change.refuse(request, ErrorCode.NOT_CONNECTED);
        }
        ErrorCode refusal = whyNotJoin(c, session);
        if (refusal != null) {
            return Change.refuse(request, refusal);
        }
        Group present = groups.find(c.group());
        if (present != null && present.member(session.id()) != null) {
            return Change.nothing(request);
        }
        return effects -> {
            Group group = groups.findOrCreate(c.group());
            Member member = groups.join(group, session, request.position(), c);
            listener.memberAdded(group, member);
            views.joined(group, member);
            QueueGroup queue = member.queue();
            if (queue != null) {
                touchedQueues.add(queue);
            }
            effects.answer(request, Answer.ok(request.position()));
        };
    }

    private @Nullable ErrorCode whyNotJoin(GroupCommand.Join c, Attachment session) {
        ErrorCode refusal = whyNoOrdinaryGroup(c.group());
        if (refusal != null) {
            return refusal;
        }
        if (!c.queue().isEmpty() && !Names.isGroupName(c.queue())) {
            return ErrorCode.ILLEGAL_QUEUE_NAME;
        }
        refusal = groups.whyNotPresence(session.id(), 0, c.presence().length);
        return refusal != null ? refusal : groups.whyNotJoin(c.group(), session.id());
    }

    private static @Nullable ErrorCode whyNoOrdinaryGroup(String name) {
        if (Tenants.isPrivate(name)) {
            return ErrorCode.PRIVATE_GROUP;
        }
        return Tenants.isGroupName(name) ? null : ErrorCode.ILLEGAL_GROUP_NAME;
    }

    private Change leave(GroupCommand.Leave c, Request request) {
        ErrorCode refusal = whyNoOrdinaryGroup(c.group());
        if (refusal != null) {
            return Change.refuse(request, refusal);
        }
        Attachment session = request.session();
        Group group = groups.find(c.group());
        Member member = session == null || group == null ? null : group.member(session.id());
        if (group == null || member == null) {
            return Change.nothing(request);
        }
        return effects -> {
            views.flush(effects);
            remove(group, member);
            if (member.membership()) {
                listener.selfLeft(effects.next(), group, member);
            }
            giveView(group, ViewReason.LEAVE, List.of(member), effects);
            effects.answer(request, Answer.ok(request.position()));
        };
    }

    private void remove(Group group, Member member) {
        groups.leave(group, member);
        listener.memberRemoved(group, member);
        QueueGroup queue = member.queue();
        if (queue != null) {
            touchedQueues.add(queue);
        }
    }

    private void giveView(Group group, ViewReason reason, List<Member> changed, Effects effects) {
        if (group.size() > 0) {
            Position id = effects.next();
            group.view(id);
            listener.view(new View(id, group, reason, changed));
        }
    }

    private Change setPresence(GroupCommand.SetPresence c, Request request) {
        Attachment session = request.session();
        Group group = groups.find(c.group());
        Member member = session == null || group == null ? null : group.member(session.id());
        if (group == null || member == null) {
            return Change.refuse(request, ErrorCode.NOT_A_MEMBER);
        }
        ErrorCode refusal = groups.whyNotPresence(member.session().id(), member.presence().length, c.presence().length);
        if (refusal != null) {
            return Change.refuse(request, refusal);
        }
        return effects -> {
            views.flush(effects);
            groups.presence(member, c.presence());
            listener.presence(effects.next(), group, member);
            effects.answer(request, Answer.ok(request.position()));
        };
    }

    private Change acknowledge(GroupCommand.Acknowledge c, Request request) {
        Attachment session = request.session();
        Group group = groups.find(c.group());
        Member member = session == null || group == null ? null : group.member(session.id());
        QueueGroup queue = member == null ? null : member.queue();
        if (session == null || queue == null) {
            return Change.refuse(request, ErrorCode.NOT_A_MEMBER);
        }
        return effects -> {
            queue.acknowledge(session.id(), c.messages(), c.release());
            touchedQueues.add(queue);
            effects.answer(request, Answer.ok(request.position()));
        };
    }

    /** Who has joined before it in the same record has a view before it, too. */
    private Change listMembers(Request request) {
        return effects -> {
            views.flush(effects);
            effects.answer(request, Answer.ok(request.position()));
        };
    }

    private Change setSettings(GroupCommand.SetSettings c, Request request) {
        if (!Tenants.isGroupName(c.group())) {
            return Change.refuse(request, ErrorCode.ILLEGAL_GROUP_NAME);
        }
        if (c.historyMs() < -1 || c.historyBytes() < -1) {
            return Change.refuse(request, ErrorCode.BAD_FIELD);
        }
        if (!groups.hasRoomForSettings(c.group())) {
            return Change.refuse(request, ErrorCode.TOO_MANY_GROUPS);
        }
        return effects -> {
            groups.settings(c.group(), new GroupSettings(c.historyMs(), c.historyBytes()));
            effects.answer(request, Answer.ok(request.position()));
        };
    }

    @Override
    public void sessionResumed(Attachment session, Effects effects) {
        for (Member member : groups.of(session.id())) {
            QueueGroup queue = member.queue();
            if (queue != null) {
                touchedQueues.add(queue);
            }
        }
    }

    @Override
    public void sessionsEnded(List<Attachment> sessions, SessionEnd end, Effects effects) {
        views.flush(effects);
        if (end == SessionEnd.GATEWAY) {
            gatewayExpired(sessions, effects);
            return;
        }
        for (Attachment session : sessions) {
            for (Member member : groups.of(session.id())) {
                Group group = member.group();
                remove(group, member);
                giveView(group, ViewReason.DISCONNECT, List.of(member), effects);
            }
        }
    }

    /** All members that went leave a group together: one signal and one view per touched group, by name. */
    private void gatewayExpired(List<Attachment> sessions, Effects effects) {
        List<Group> touched = groups.touchedBy(sessions);
        for (Group group : touched) {
            for (Attachment session : sessions) {
                Member member = group.member(session.id());
                if (member != null) {
                    remove(group, member);
                }
            }
            if (group.size() > 0) {
                listener.transitional(effects.next(), group);
                giveView(group, ViewReason.NETWORK, List.copyOf(group.members()), effects);
            }
        }
    }

    @Override
    public void recordEnded(Effects effects) {
        views.flush(effects);
        for (QueueGroup queue : touchedQueues) {
            serve(queue, effects);
            queue.dropIfOver();
        }
        touchedQueues.clear();
    }

    private ShardContext surroundings() {
        if (context == null) {
            throw new IllegalStateException("begin comes first");
        }
        return context;
    }

    @Override
    public void write(Encoder out) {
        GroupSnapshot.write(groups, out);
        precedents.write(out);
    }

    @Override
    public void read(Decoder in) {
        GroupSnapshot.read(groups, surroundings(), in);
        precedents.read(in);
        groups.all().forEach(group -> group.members().forEach(member -> listener.memberAdded(group, member)));
    }
}
