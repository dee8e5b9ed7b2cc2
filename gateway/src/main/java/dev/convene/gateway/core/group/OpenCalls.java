package dev.convene.gateway.core.group;

import dev.convene.gateway.core.Access;
import dev.convene.gateway.core.delivery.Tail;
import dev.convene.gateway.core.life.CoreSettings;
import dev.convene.gateway.core.life.GatewayLife;
import dev.convene.gateway.core.life.OwnDomains;
import dev.convene.gateway.core.log.GroupLog;
import dev.convene.gateway.core.request.Patience;
import dev.convene.gateway.core.request.Pending;
import dev.convene.gateway.core.request.Reply;
import dev.convene.gateway.core.request.Window;
import dev.convene.group.GroupSettings;
import dev.convene.protocol.At;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Names;
import dev.convene.protocol.Position;
import dev.convene.protocol.Tenants;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.protocol.group.GroupCommand;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Group operations that need no session. Thread-safe. */
public final class OpenCalls {
    private final GroupLog log;
    private final Tail tail;
    private final OwnDomains domains;
    private final CoreSettings settings;
    private final Multicasts multicasts;
    private final History history;
    private final Patience patience;
    private final Reads reads;

    OpenCalls(
            GroupLog log,
            Tail tail,
            OwnDomains domains,
            CoreSettings settings,
            Multicasts multicasts,
            History history,
            Patience patience) {
        this.log = log;
        this.tail = tail;
        this.domains = domains;
        this.settings = settings;
        this.multicasts = multicasts;
        this.history = history;
        this.patience = patience;
        this.reads = new Reads(tail, settings, multicasts.scheduler());
    }

    /** Does what a client without a session asks. */
    public CompletableFuture<? extends Answer> call(GatewayLife life, Access access, GroupOperation operation) {
        return switch (operation) {
            case GroupOperation.Multicast o -> send(life, access, o);
            case GroupOperation.Members o -> members(life, access, o);
            case GroupOperation.Groups o -> groups(life, access, o);
            case GroupOperation.History o -> history(life, access, o);
            case GroupOperation.Settings o -> settings(life, access, o);
            case GroupOperation.Reply o -> throw new ConveneException(ErrorCode.NOT_CONNECTED);
            case GroupOperation.Request o -> throw new ConveneException(ErrorCode.NOT_CONNECTED);
            case GroupOperation.Join o -> throw new ConveneException(ErrorCode.NOT_CONNECTED);
            case GroupOperation.Leave o -> throw new ConveneException(ErrorCode.NOT_CONNECTED);
            case GroupOperation.Presence o -> throw new ConveneException(ErrorCode.NOT_CONNECTED);
            case GroupOperation.Ack o -> throw new ConveneException(ErrorCode.NOT_CONNECTED);
        };
    }

    private CompletableFuture<Answer.Accepted> send(GatewayLife life, Access access, GroupOperation.Multicast message) {
        Targets targets = Targets.of(message, access, settings.limits());
        String tenant = Tenants.tenantOf(targets.all().getFirst());
        OwnSender sender = new OwnSender(
                life,
                domains,
                Tenants.qualify(tenant, settings.name()),
                multicasts.counters().tenants().of(tenant));
        Sending sending = new Sending(multicasts, sender, message, targets, false);
        CompletableFuture<?> ready = sending.ready();
        if (ready.isDone() && !ready.isCompletedExceptionally()) {
            sending.go();
        } else {
            patience.bound(ready, ErrorCode.UNAVAILABLE, late -> {}).whenComplete((nothing, e) -> {
                if (e == null) {
                    sending.go();
                } else {
                    sending.failed(e);
                }
            });
        }
        return sending.result();
    }

    private CompletableFuture<Integer> partition(
            GatewayLife life, Access access, Access.Action action, String group, String field) {
        Tenants.requireGroupName(group, field);
        GroupCalls.require(access, action, group);
        String domain = Names.domainOf(group);
        return action == Access.Action.READ ? domains.lookUp(life, domain) : domains.partition(life, domain);
    }

    private static boolean isNowhere(int partition) {
        return partition == OwnDomains.NOWHERE;
    }

    CompletableFuture<Answer> members(GatewayLife life, Access access, GroupOperation.Members o) {
        return partition(life, access, Access.Action.READ, o.group(), "members.group")
                .thenCompose(partition -> {
                    if (isNowhere(partition)) {
                        return CompletableFuture.completedFuture(
                                new Answer.MemberPage(o.group(), null, 0, 0, List.of(), null));
                    }
                    return o.strong() ? strongly(life.own(partition), o) : reads.members(partition, o);
                });
    }

    /** Reads by a command, in the order of the window's requests. */
    CompletableFuture<Answer> strongly(Window window, GroupOperation.Members o) {
        CompletableFuture<Answer> result = new CompletableFuture<>();
        byte[] command = new GroupCommand.ListMembers(o.group()).toBytes();
        window.submit(Pending.command(command, 0, "", multicasts.deadlineMs(), new Reply() {
            @Override
            public void answered(dev.convene.protocol.log.Answer answer) {
                ErrorCode error = answer.error();
                try {
                    if (error != null) {
                        throw new ConveneException(error);
                    }
                    result.complete(reads.membersNow(window.partition(), answer.at(), o));
                } catch (ConveneException e) {
                    result.completeExceptionally(e);
                }
            }

            @Override
            public void failed(ConveneException e) {
                result.completeExceptionally(e);
            }
        }));
        return result;
    }

    CompletableFuture<Answer> history(GatewayLife life, Access access, GroupOperation.History o) {
        return partition(life, access, Access.Action.READ, o.group(), "history.group")
                .thenCompose(partition -> isNowhere(partition)
                        ? CompletableFuture.completedFuture(new Answer.HistoryPage(List.of(), null, true))
                        : history.page(partition, o));
    }

    CompletableFuture<Answer> groups(GatewayLife life, Access access, GroupOperation.Groups o) {
        String domain = o.domain();
        CompletableFuture<List<Integer>> where = domain == null
                ? CompletableFuture.completedFuture(
                        IntStream.range(0, log.partitions()).boxed().toList())
                : domains.lookUp(life, domain)
                        .thenApply(partition -> isNowhere(partition) ? List.<Integer>of() : List.of(partition));
        return where.thenCompose(partitions -> waits(life, o)
                        .thenCompose(waits -> partitions.isEmpty()
                                ? CompletableFuture.completedFuture(new Answer.GroupPage(List.of(), null))
                                : reads.groups(partitions, waits, o)))
                .thenApply(answer -> visible(answer, access));
    }

    /** By partition the newest position to wait for. */
    private CompletableFuture<Map<Integer, Position>> waits(GatewayLife life, GroupOperation.Groups o) {
        CompletableFuture<Map<Integer, Position>> waits = CompletableFuture.completedFuture(Map.of());
        for (At at : o.at()) {
            tail.requireOfThisLog(at, "groups.at");
            waits = waits.thenCombine(domains.lookUp(life, at.domain()), (before, partition) -> {
                if (isNowhere(partition)) {
                    throw new ConveneException(
                            ErrorCode.BAD_POSITION, "groups.at", "nobody has used the domain of this position yet");
                }
                Map<Integer, Position> all = new HashMap<>(before);
                all.merge(partition, at.position(), (one, other) -> other.isAfter(one) ? other : one);
                return all;
            });
        }
        return waits;
    }

    private static Answer visible(Answer answer, Access access) {
        if (answer instanceof Answer.GroupPage page && access != Access.ALL) {
            return new Answer.GroupPage(
                    page.groups().stream()
                            .filter(group -> access.allows(Access.Action.READ, group.group()))
                            .toList(),
                    page.next(),
                    page.at());
        }
        return answer;
    }

    /** Changes what is given and answers with all of them. */
    CompletableFuture<Answer> settings(GatewayLife life, Access access, GroupOperation.Settings o) {
        boolean asks = o.historyMs() == null && o.historyBytes() == null;
        Access.Action action = asks ? Access.Action.READ : Access.Action.CONFIGURE;
        return partition(life, access, action, o.group(), "settings.group")
                .thenCompose(partition -> (isNowhere(partition)
                                ? CompletableFuture.completedFuture(GroupSettings.DEFAULT)
                                : reads.settings(partition, o.group()))
                        .thenCompose(present -> asks
                                ? CompletableFuture.completedFuture(inForce(o.group(), null, present))
                                : change(life, partition, o, present)));
    }

    private CompletableFuture<Answer> change(
            GatewayLife life, int partition, GroupOperation.Settings o, GroupSettings present) {
        Long historyMs = o.historyMs();
        Long historyBytes = o.historyBytes();
        GroupSettings wanted = new GroupSettings(
                historyMs == null ? present.historyMs() : historyMs,
                historyBytes == null ? present.historyBytes() : historyBytes);
        byte[] command = new GroupCommand.SetSettings(o.group(), wanted.historyMs(), wanted.historyBytes()).toBytes();
        CompletableFuture<Answer> result = new CompletableFuture<>();
        life.own(partition).submit(Pending.command(command, 0, "", multicasts.deadlineMs(), new Reply() {
            @Override
            public void answered(dev.convene.protocol.log.Answer answer) {
                ErrorCode error = answer.error();
                if (error == null) {
                    result.complete(inForce(o.group(), answer.at(), wanted));
                } else {
                    result.completeExceptionally(new ConveneException(error));
                }
            }

            @Override
            public void failed(ConveneException e) {
                result.completeExceptionally(e);
            }
        }));
        return result;
    }

    private Answer inForce(String group, @Nullable Position at, GroupSettings set) {
        return new Answer.SettingsInForce(
                at == null ? null : tail.at(Names.domainOf(group), at),
                set.historyMs() < 0 ? null : set.historyMs(),
                set.historyBytes() < 0 ? null : set.historyBytes());
    }
}
