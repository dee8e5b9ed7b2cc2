package dev.convene.protocol.frame;

import dev.convene.protocol.At;
import dev.convene.protocol.Tenants;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What clients are answered, with bare names in place of the qualified ones of their tenant: {@link QualifiedOperation} back. */
public final class BareAnswer {
    private BareAnswer() {}

    /** The same with bare names; mostly a copy, which the tenant {@link Tenants#DEFAULT}, whose names are bare, does not need. */
    public static Answer of(Answer answer) {
        return switch (answer) {
            case Answer.Connected a -> of(a);
            case Answer.Resumed a -> of(a);
            case Answer.Accepted a ->
                new Answer.Accepted(
                        orNull(a.at()), a.duplicate(), names(a.dropped()), positions(a.alsoAt()), a.history());
            case Answer.Replied a -> new Answer.Replied(BarePush.of(a.reply()));
            case Answer.MemberPage a ->
                new Answer.MemberPage(
                        Tenants.strip(a.group()),
                        a.view(),
                        a.size(),
                        a.digest(),
                        a.members().stream().map(BareAnswer::of).toList(),
                        orNull(a.next()),
                        orNull(a.at()));
            case Answer.GroupPage a ->
                new Answer.GroupPage(
                        a.groups().stream().map(BareAnswer::of).toList(), orNull(a.next()), positions(a.at()));
            case Answer.HistoryPage a -> new Answer.HistoryPage(pushes(a.messages()), orNull(a.next()), a.complete());
            case Answer.SettingsInForce a ->
                new Answer.SettingsInForce(orNull(a.at()), a.historyMs(), a.historyBytes());
            case Answer.Received a -> new Answer.Received(pushes(a.messages()));
            case Answer.Waiting a -> a;
            case Answer.Done a -> a;
            case CapabilityAnswer a -> a;
        };
    }

    /** A bare one is returned as it is. */
    public static Answer.Connected of(Answer.Connected a) {
        if (!Tenants.isQualified(a.privateGroup())) {
            return a;
        }
        return new Answer.Connected(
                a.session(),
                a.token(),
                Tenants.strip(a.privateGroup()),
                a.gateway(),
                positions(a.at()),
                a.limits(),
                a.version());
    }

    /** A bare one is returned as it is. */
    public static Answer.Resumed of(Answer.Resumed a) {
        if (!Tenants.isQualified(a.privateGroup())) {
            return a;
        }
        return new Answer.Resumed(
                a.recovered(),
                a.session(),
                Tenants.strip(a.privateGroup()),
                a.gateway(),
                positions(a.at()),
                a.limits());
    }

    private static Answer.Member of(Answer.Member member) {
        return new Answer.Member(Tenants.strip(member.member()), member.presence(), member.queue());
    }

    private static Answer.GroupSummary of(Answer.GroupSummary group) {
        return new Answer.GroupSummary(Tenants.strip(group.group()), group.members(), group.view());
    }

    private static List<Push> pushes(List<Push> pushes) {
        return pushes.stream().map(BarePush::of).toList();
    }

    private static List<String> names(List<String> names) {
        return names.stream().map(Tenants::strip).toList();
    }

    private static List<At> positions(List<At> positions) {
        return positions.stream().map(At::bare).toList();
    }

    private static @Nullable At orNull(@Nullable At at) {
        return at == null ? null : at.bare();
    }

    private static @Nullable String orNull(@Nullable String name) {
        return name == null ? null : Tenants.strip(name);
    }
}
