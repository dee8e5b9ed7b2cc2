package dev.convene.gateway.core.group;

import dev.convene.gateway.core.Access;
import dev.convene.gateway.core.GatewayCounters;
import dev.convene.gateway.core.delivery.Tail;
import dev.convene.gateway.core.life.CoreSettings;
import dev.convene.gateway.core.life.GatewayLife;
import dev.convene.gateway.core.life.OwnDomains;
import dev.convene.gateway.core.log.GroupLog;
import dev.convene.gateway.core.request.Outlet;
import dev.convene.gateway.core.request.Patience;
import dev.convene.gateway.core.request.Pending;
import dev.convene.gateway.core.request.Reply;
import dev.convene.gateway.core.request.Window;
import dev.convene.gateway.core.session.Attaching;
import dev.convene.gateway.core.session.Lane;
import dev.convene.gateway.core.session.LocalSession;
import dev.convene.gateway.core.time.Futures;
import dev.convene.group.PresenceForm;
import dev.convene.protocol.At;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Names;
import dev.convene.protocol.Position;
import dev.convene.protocol.Tenants;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.protocol.frame.HistoryStart;
import dev.convene.protocol.group.GroupCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Group operations of sessions. Thread-safe. */
public final class GroupCalls {
    private static final CompletableFuture<?> NOTHING = CompletableFuture.completedFuture(null);

    private final Tail tail;
    private final CoreSettings settings;
    private final Outlet outlet;
    private final Attaching attaching;
    private final Multicasts multicasts;
    private final History history;
    private final Confirmations confirmations;
    private final Requests requests;
    private final OpenCalls open;
    private final Patience patience;

    public GroupCalls(
            GroupLog log,
            Tail tail,
            Outlet outlet,
            Attaching attaching,
            OwnDomains domains,
            CoreSettings settings,
            Patience patience,
            GatewayCounters counters) {
        this.tail = tail;
        this.settings = settings;
        this.patience = patience;
        this.outlet = outlet;
        this.attaching = attaching;
        this.multicasts = new Multicasts(tail, outlet, settings, counters);
        this.history = new History(log, tail, settings, outlet.scheduler());
        this.confirmations = new Confirmations(tail, outlet.appender());
        this.requests = new Requests(this, settings, outlet.scheduler());
        this.open = new OpenCalls(log, tail, domains, settings, multicasts, history, patience);
    }

    /** What a client without a session may ask for, too. */
    public OpenCalls open() {
        return open;
    }

    /** Does what a session asks. */
    public CompletableFuture<? extends Answer> call(GatewayLife life, LocalSession session, GroupOperation operation) {
        return switch (operation) {
            case GroupOperation.Multicast o -> send(life, session, o, false);
            case GroupOperation.Reply o -> send(life, session, asMulticast(o), false);
            case GroupOperation.Request o -> requests.request(life, session, o);
            case GroupOperation.Join o -> join(life, session, o);
            case GroupOperation.Leave o -> leave(life, session, o);
            case GroupOperation.Presence o -> presence(life, session, o);
            case GroupOperation.Ack o -> acknowledge(life, session, o);
            case GroupOperation.Members o ->
                o.strong() ? membersInOrder(life, session, o) : open.members(life, session.access(), o);
            case GroupOperation.Groups o -> open.groups(life, session.access(), o);
            case GroupOperation.History o -> open.history(life, session.access(), o);
            case GroupOperation.Settings o -> open.settings(life, session.access(), o);
        };
    }

    CompletableFuture<Answer.Accepted> send(
            GatewayLife life, LocalSession session, GroupOperation.Multicast message, boolean needsReceiver) {
        Targets targets = Targets.of(message, session.access(), settings.limits());
        SessionSender sender = new SessionSender(life, session, attaching);
        Sending sending = new Sending(multicasts, sender, message, targets, needsReceiver);
        session.lane().enter(sending, patience);
        return sending.result();
    }

    private static GroupOperation.Multicast asMulticast(GroupOperation.Reply o) {
        return new GroupOperation.Multicast(
                List.of(o.to()), o.service(), o.type(), o.body(), false, o.key(), o.seq(), null, o.correlation());
    }

    private CompletableFuture<Answer.Accepted> join(GatewayLife life, LocalSession session, GroupOperation.Join o) {
        Tenants.requireGroupName(o.group(), "join.group");
        require(session.access(), Access.Action.JOIN, o.group());
        String queue = o.queue();
        if (queue != null && !Names.isGroupName(queue)) {
            throw refusal(ErrorCode.ILLEGAL_QUEUE_NAME, "join.queue");
        }
        byte[] presence = PresenceForm.toLog(o.presence());
        requirePresence(presence, "join.presence");
        Boolean membership = o.membership();
        boolean wanted = membership == null ? session.identity().membership() : membership;
        GroupCommand.Join command = new GroupCommand.Join(o.group(), queue == null ? "" : queue, wanted, presence);
        HistoryStart start = o.history();
        if (start == null) {
            return command(life, session, o.group(), command, o.seq(), null);
        }
        require(session.access(), Access.Action.READ, o.group());
        CompletableFuture<Answer.@Nullable Replayed> replayed = new CompletableFuture<>();
        AtomicReference<@Nullable Consumer<Position>> expected = new AtomicReference<>();
        return command(life, session, o.group(), command, o.seq(), window -> {
                    Consumer<Position> joined =
                            until -> replayBefore(session, window.partition(), o.group(), start, until, replayed);
                    if (session.historyJoins().expect(o.group(), joined)) {
                        expected.set(joined);
                    }
                })
                .whenComplete((accepted, e) -> {
                    Consumer<Position> joined = expected.get();
                    if (joined == null || session.historyJoins().forget(o.group(), joined)) {
                        // It was a member already.
                        replayed.complete(null);
                    }
                })
                .thenCompose(accepted -> replayed.thenApply(accepted::with));
    }

    /** The join stands without history too, if it cannot be had: what comes after must not wait for ever. */
    private void replayBefore(
            LocalSession session,
            int partition,
            String group,
            HistoryStart start,
            Position until,
            CompletableFuture<Answer.@Nullable Replayed> replayed) {
        history.beforeJoin(partition, group, start, until, session.identity().id())
                .whenComplete((found, e) -> tail.giveHistory(
                                session, partition, e == null ? found.messages() : List.of())
                        .thenAccept(count -> replayed.complete(
                                e == null
                                        ? found.replayed(count)
                                        : new Answer.Replayed(
                                                0, false, ConveneException.of(e).code()))));
    }

    private CompletableFuture<Answer.Accepted> leave(GatewayLife life, LocalSession session, GroupOperation.Leave o) {
        Tenants.requireGroupName(o.group(), "leave.group");
        GroupCommand.Leave command = new GroupCommand.Leave(o.group());
        CompletableFuture<Answer.Accepted> result = new CompletableFuture<>();
        Lane.Step step = new CommandStep(life, session, o.group(), command, o.seq(), null, result) {
            /** In its turn, not when it is asked for: a join before it may still be on its way. */
            @Override
            boolean isNeeded() {
                return session.domains().find(Names.domainOf(o.group())) != null;
            }
        };
        session.lane().enter(step, patience);
        return result;
    }

    private CompletableFuture<Answer.Accepted> presence(
            GatewayLife life, LocalSession session, GroupOperation.Presence o) {
        Tenants.requireGroupName(o.group(), "presence.group");
        byte[] presence = PresenceForm.toLog(o.presence());
        requirePresence(presence, "presence.presence");
        return command(life, session, o.group(), new GroupCommand.SetPresence(o.group(), presence), 0, null);
    }

    private CompletableFuture<Answer.Accepted> acknowledge(
            GatewayLife life, LocalSession session, GroupOperation.Ack o) {
        Tenants.requireGroupName(o.group(), "ack.group");
        List<Position> positions = new ArrayList<>(o.at().size());
        for (At at : o.at()) {
            tail.requireOfThisLog(at, "ack.at");
            if (!at.domain().equals(Names.domainOf(o.group()))) {
                throw new ConveneException(
                        ErrorCode.BAD_POSITION, "ack.at", "the position is of another domain than the group");
            }
            positions.add(at.position());
        }
        GroupCommand.Acknowledge command = new GroupCommand.Acknowledge(o.group(), positions, o.release());
        return command(life, session, o.group(), command, 0, null);
    }

    /** A strong read of a session that uses the domain stands behind the session's own requests there. */
    private CompletableFuture<Answer> membersInOrder(GatewayLife life, LocalSession session, GroupOperation.Members o) {
        String domain = Names.domainOf(o.group());
        Tenants.requireGroupName(o.group(), "members.group");
        require(session.access(), Access.Action.READ, o.group());
        CompletableFuture<Answer> result = new CompletableFuture<>();
        Lane.Step step = new Lane.Step() {
            private CompletableFuture<?> used = NOTHING;

            @Override
            public CompletableFuture<?> ready() {
                CompletableFuture<Window> window = session.domains().find(domain);
                used = window == null ? NOTHING : window;
                return used;
            }

            @Override
            public void go() {
                CompletableFuture<Answer> asked = used.join() instanceof Window window
                        ? open.strongly(window, o)
                        : open.members(life, session.access(), o);
                Futures.pass(asked, result);
            }

            @Override
            public void failed(Throwable reason) {
                result.completeExceptionally(reason);
            }
        };
        session.lane().enter(step, patience);
        return result;
    }

    private void requirePresence(byte[] presence, String field) {
        if (presence.length > settings.limits().presenceBytesMax()) {
            throw refusal(ErrorCode.PRESENCE_TOO_LARGE, field);
        }
    }

    static void require(Access access, Access.Action action, String group) {
        if (!access.allows(action, group)) {
            throw refusal(ErrorCode.FORBIDDEN, "group");
        }
    }

    static ConveneException refusal(ErrorCode code, String field) {
        return new ConveneException(code, field, code.advice());
    }

    /** A command in the session's order. */
    private CompletableFuture<Answer.Accepted> command(
            GatewayLife life,
            LocalSession session,
            String group,
            GroupCommand command,
            long seq,
            @Nullable Consumer<Window> before) {
        CompletableFuture<Answer.Accepted> result = new CompletableFuture<>();
        session.lane().enter(new CommandStep(life, session, group, command, seq, before, result), patience);
        return result;
    }

    /** A command of a session; attaches the session to the group's domain if need be. */
    private class CommandStep implements Lane.Step {
        private final GatewayLife life;
        private final LocalSession session;
        private final String domain;
        private final GroupCommand command;
        private final long seq;
        private final @Nullable Consumer<Window> before;
        private final CompletableFuture<Answer.Accepted> result;
        private final long calledUntilMs = multicasts.deadlineMs();
        private @Nullable CompletableFuture<Window> window;

        CommandStep(
                GatewayLife life,
                LocalSession session,
                String group,
                GroupCommand command,
                long seq,
                @Nullable Consumer<Window> before,
                CompletableFuture<Answer.Accepted> result) {
            this.life = life;
            this.session = session;
            this.domain = Names.domainOf(group);
            this.command = command;
            this.seq = seq;
            this.before = before;
            this.result = result;
        }

        /** Whether it would change anything. */
        boolean isNeeded() {
            return true;
        }

        @Override
        public CompletableFuture<?> ready() {
            if (!isNeeded()) {
                return NOTHING;
            }
            CompletableFuture<Window> attached = attaching.window(life, session, domain);
            window = attached;
            return attached;
        }

        @Override
        public void go() {
            if (window == null) {
                result.complete(Answer.Accepted.at(null));
                return;
            }
            Window open = window.join();
            if (before != null) {
                before.accept(open);
            }
            Pending request =
                    Pending.command(command.toBytes(), seq, "", multicasts.deadlineMs(), accepting(domain, result));
            open.submit(multicasts.timed(request, calledUntilMs));
        }

        @Override
        public void failed(Throwable reason) {
            result.completeExceptionally(Multicasts.notSent(reason));
        }
    }

    /**
     * The log shows what became of everything that the session has asked for until now, or it takes longer than a request may.
     * Completes, or fails while the logs are away.
     */
    public CompletableFuture<Void> settled(LocalSession session) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        long untilMs = multicasts.deadlineMs();
        session.lane()
                .enter(
                        new Lane.Step() {
                            @Override
                            public CompletableFuture<?> ready() {
                                CompletableFuture<?> answered =
                                        session.domains().whenAnswered();
                                return answered.isDone()
                                        ? NOTHING
                                        : multicasts.within(answered, untilMs).exceptionally(_ -> null);
                            }

                            @Override
                            public void go() {
                                result.complete(null);
                            }

                            @Override
                            public void failed(Throwable reason) {
                                result.completeExceptionally(reason);
                            }
                        },
                        patience);
        return result;
    }

    private Reply accepting(String domain, CompletableFuture<Answer.Accepted> result) {
        return new Reply() {
            @Override
            public void answered(dev.convene.protocol.log.Answer answer) {
                ErrorCode error = answer.error();
                if (error == null) {
                    At at = tail.at(domain, answer.at());
                    result.complete(new Answer.Accepted(at, answer.duplicate(), List.of()));
                } else {
                    result.completeExceptionally(new ConveneException(error));
                }
            }

            @Override
            public void failed(ConveneException e) {
                result.completeExceptionally(e);
            }
        };
    }

    /** What the clients of sessions have. */
    public Confirmations confirmations() {
        return confirmations;
    }

    /** Where its requests go out. */
    Outlet outlet() {
        return outlet;
    }
}
