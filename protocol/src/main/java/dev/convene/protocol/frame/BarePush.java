package dev.convene.protocol.frame;

import dev.convene.protocol.Tenants;
import java.util.List;

/**
 * What clients are told without being asked, with bare names in place of the qualified ones of their tenant. All receivers of
 * a push are of one tenant, so that they can share it. What is bare is returned as it is.
 */
public final class BarePush {
    private BarePush() {}

    public static Push of(Push push) {
        return switch (push) {
            case Push.Message p -> of(p);
            case Push.View p -> Tenants.isQualified(p.group()) ? bare(p) : p;
            case Push.Transitional p ->
                Tenants.isQualified(p.group()) ? new Push.Transitional(p.at().bare(), Tenants.strip(p.group())) : p;
            case Push.Left p ->
                Tenants.isQualified(p.group()) ? new Push.Left(p.at().bare(), Tenants.strip(p.group())) : p;
            case Push.Presence p ->
                Tenants.isQualified(p.group())
                        ? new Push.Presence(
                                p.at().bare(), Tenants.strip(p.group()), Tenants.strip(p.member()), p.presence())
                        : p;
            case Push.Unknown p -> p;
        };
    }

    /** A message has one target at least, and all its names are of one tenant. */
    public static Push.Message of(Push.Message p) {
        if (!Tenants.isQualified(p.groups().getFirst())) {
            return p;
        }
        String replyTo = p.replyTo();
        return new Push.Message(
                p.at().bare(),
                Tenants.strip(p.from()),
                names(p.groups()),
                p.service(),
                p.type(),
                p.body(),
                replyTo == null ? null : Tenants.strip(replyTo),
                p.correlation(),
                p.redelivered(),
                p.history(),
                p.queue());
    }

    private static Push.View bare(Push.View p) {
        List<String> members = p.members();
        return new Push.View(
                p.at().bare(),
                Tenants.strip(p.group()),
                p.view(),
                p.reason(),
                members == null ? null : names(members),
                p.size(),
                p.digest(),
                names(p.changed()),
                p.history());
    }

    private static List<String> names(List<String> names) {
        return names.stream().map(Tenants::strip).toList();
    }
}
