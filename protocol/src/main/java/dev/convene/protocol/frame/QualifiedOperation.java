package dev.convene.protocol.frame;

import dev.convene.protocol.At;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Tenants;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks, with the names of its tenant in place of the bare ones that it gives; the way back is
 * {@link BareAnswer}. Of the tenant {@link Tenants#DEFAULT}, whose names stay bare, an operation is returned as it is, unless
 * it gives a name of another tenant: that is refused with {@link ErrorCode#ILLEGAL_GROUP_NAME}. Whatever else is wrong with a
 * name is found by those who use it.
 */
public final class QualifiedOperation {
    private QualifiedOperation() {}

    /** An operation of a session. */
    public static ClientOperation of(String tenant, ClientOperation operation) {
        return switch (operation) {
            case GroupOperation o -> of(tenant, o);
            case SessionOperation.Connect o -> of(tenant, o);
            case SessionOperation.Resume o -> of(tenant, o);
            case SessionOperation.Receive o -> of(tenant, o);
            case SessionOperation.Seen o -> {
                List<At> at = positions(tenant, o.at());
                yield at == o.at() ? o : new SessionOperation.Seen(at);
            }
            case SessionOperation.Close o -> o;
            case SessionOperation.Poll o -> o;
            case SessionOperation.Ping o -> o;
            case CapabilityOperation o -> o;
        };
    }

    public static SessionOperation.Connect of(String tenant, SessionOperation.Connect o) {
        String name = o.name();
        if (name == null) {
            return o;
        }
        if (Tenants.isQualified(name)) {
            throw new ConveneException(ErrorCode.ILLEGAL_NAME, "connect.name", ErrorCode.ILLEGAL_NAME.advice());
        }
        return isDefault(tenant)
                ? o
                : new SessionOperation.Connect(Tenants.qualify(tenant, name), o.membership(), o.graceMs());
    }

    public static SessionOperation.Resume of(String tenant, SessionOperation.Resume o) {
        List<At> at = positions(tenant, o.at());
        return at == o.at() ? o : new SessionOperation.Resume(o.session(), o.token(), at);
    }

    public static SessionOperation.Receive of(String tenant, SessionOperation.Receive o) {
        List<At> seen = positions(tenant, o.seen());
        return seen == o.seen() ? o : new SessionOperation.Receive(o.waitMs(), o.limit(), seen);
    }

    /** An operation on groups. */
    public static GroupOperation of(String tenant, GroupOperation operation) {
        requireBare(operation);
        return isDefault(tenant) ? operation : qualified(tenant, operation);
    }

    /** The positions of this tenant's domains. */
    public static List<At> positions(String tenant, List<At> positions) {
        return isDefault(tenant) || positions.isEmpty()
                ? positions
                : positions.stream().map(at -> at.of(tenant)).toList();
    }

    private static boolean isDefault(String tenant) {
        return tenant.equals(Tenants.DEFAULT);
    }

    private static void requireBare(GroupOperation operation) {
        switch (operation) {
            case GroupOperation.Multicast o -> requireBare(o);
            case GroupOperation.Request o -> requireBare(o.message());
            case GroupOperation.Reply o -> requireBare(o.to(), "reply.to");
            case GroupOperation.Join o -> requireBare(o.group(), "join.group");
            case GroupOperation.Leave o -> requireBare(o.group(), "leave.group");
            case GroupOperation.Presence o -> requireBare(o.group(), "presence.group");
            case GroupOperation.Ack o -> requireBare(o.group(), "ack.group");
            case GroupOperation.Members o -> requireBare(o.group(), "members.group");
            case GroupOperation.History o -> requireBare(o.group(), "history.group");
            case GroupOperation.Settings o -> requireBare(o.group(), "settings.group");
            case GroupOperation.Groups o -> {
                requireBare(o.prefix(), "groups.prefix");
                requireBare(o.domain(), "groups.domain");
                requireBare(o.after(), "groups.after");
            }
        }
    }

    private static void requireBare(GroupOperation.Multicast o) {
        List<String> groups = o.groups();
        for (int i = 0; i < groups.size(); i++) {
            requireBare(groups.get(i), "multicast.groups");
        }
        requireBare(o.replyTo(), "multicast.replyTo");
    }

    private static void requireBare(@Nullable String name, String field) {
        if (name != null && Tenants.isQualified(name)) {
            throw new ConveneException(ErrorCode.ILLEGAL_GROUP_NAME, field, ErrorCode.ILLEGAL_GROUP_NAME.advice());
        }
    }

    private static GroupOperation qualified(String tenant, GroupOperation operation) {
        UnaryOperator<String> name = bare -> Tenants.qualify(tenant, bare);
        return switch (operation) {
            case GroupOperation.Multicast o -> qualified(tenant, o);
            case GroupOperation.Request o -> new GroupOperation.Request(qualified(tenant, o.message()), o.timeoutMs());
            case GroupOperation.Reply o ->
                new GroupOperation.Reply(
                        name.apply(o.to()),
                        o.correlation(),
                        o.body(),
                        o.type(),
                        o.service(),
                        key(tenant, o.key()),
                        o.seq());
            case GroupOperation.Join o ->
                new GroupOperation.Join(
                        name.apply(o.group()),
                        o.presence(),
                        o.queue(),
                        o.membership(),
                        start(tenant, o.history()),
                        o.seq());
            case GroupOperation.Leave o -> new GroupOperation.Leave(name.apply(o.group()), o.seq());
            case GroupOperation.Presence o -> new GroupOperation.Presence(name.apply(o.group()), o.presence());
            case GroupOperation.Ack o ->
                new GroupOperation.Ack(name.apply(o.group()), positions(tenant, o.at()), o.release());
            case GroupOperation.Members o -> {
                At at = o.at();
                yield new GroupOperation.Members(
                        name.apply(o.group()),
                        o.view(),
                        orNull(tenant, o.after()),
                        o.limit(),
                        at == null ? null : at.of(tenant),
                        o.strong());
            }
            case GroupOperation.Groups o -> {
                String prefix = o.prefix();
                // Without a prefix all groups of the tenant are meant.
                yield new GroupOperation.Groups(
                        name.apply(prefix == null ? "" : prefix),
                        orNull(tenant, o.domain()),
                        orNull(tenant, o.after()),
                        o.limit(),
                        positions(tenant, o.at()));
            }
            case GroupOperation.History o ->
                new GroupOperation.History(name.apply(o.group()), start(tenant, o.start()), o.limit());
            case GroupOperation.Settings o ->
                new GroupOperation.Settings(name.apply(o.group()), o.historyMs(), o.historyBytes());
        };
    }

    private static GroupOperation.Multicast qualified(String tenant, GroupOperation.Multicast o) {
        return new GroupOperation.Multicast(
                o.groups().stream().map(name -> Tenants.qualify(tenant, name)).toList(),
                o.service(),
                o.type(),
                o.body(),
                o.selfDiscard(),
                key(tenant, o.key()),
                o.seq(),
                orNull(tenant, o.replyTo()),
                o.correlation());
    }

    private static @Nullable String orNull(String tenant, @Nullable String name) {
        return name == null ? null : Tenants.qualify(tenant, name);
    }

    private static @Nullable String key(String tenant, @Nullable String key) {
        return key == null ? null : Tenants.qualifyKey(tenant, key);
    }

    private static @Nullable HistoryStart start(String tenant, @Nullable HistoryStart start) {
        return start instanceof HistoryStart.From(At at) ? new HistoryStart.From(at.of(tenant)) : start;
    }
}
