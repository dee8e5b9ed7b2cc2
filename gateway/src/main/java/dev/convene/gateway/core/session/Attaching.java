package dev.convene.gateway.core.session;

import dev.convene.gateway.core.delivery.Adoption;
import dev.convene.gateway.core.delivery.Tail;
import dev.convene.gateway.core.life.CoreSettings;
import dev.convene.gateway.core.life.GatewayLife;
import dev.convene.gateway.core.log.Logs;
import dev.convene.gateway.core.request.Outlet;
import dev.convene.gateway.core.request.Requester;
import dev.convene.gateway.core.request.Window;
import dev.convene.gateway.core.request.WindowBounds;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.session.SessionCommand;
import dev.convene.protocol.session.SessionReply;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Attaches sessions to the domains that they use. Thread-safe. */
public final class Attaching {
    private final Tail tail;
    private final Outlet outlet;
    private final CoreSettings settings;

    public Attaching(Tail tail, Outlet outlet, CoreSettings settings) {
        this.tail = tail;
        this.outlet = outlet;
        this.settings = settings;
    }

    /** Where the session's requests to a domain go; attaches it there at its first use. */
    public CompletableFuture<Window> window(GatewayLife life, LocalSession session, String domain) {
        CompletableFuture<Window> known = session.domains().find(domain);
        return known != null ? known : session.domains().need(domain, () -> attach(life, session, domain));
    }

    private CompletableFuture<Window> attach(GatewayLife life, LocalSession session, String domain) {
        SessionIdentity identity = session.identity();
        return life.ask(new SessionCommand.Attach(identity.id(), identity.epoch(), Logs.GROUPS, domain))
                .thenCompose(reply -> {
                    if (!(reply instanceof SessionReply.Attached attached)) {
                        return CompletableFuture.failedFuture(new ConveneException(ErrorCode.INTERNAL));
                    }
                    int partition = attached.domain().partition();
                    return session.domains().open(partition, () -> adopt(session, partition, domain));
                });
    }

    private CompletableFuture<Window> adopt(LocalSession session, int partition, String domain) {
        return tail.adopt(session, partition, false, null, deadlineMs()).thenApply(adoption -> {
            session.progress().raise(List.of(tail.at(domain, adoption.liveAfter())));
            return made(session, adoption);
        });
    }

    long deadlineMs() {
        return outlet.scheduler().nowMs() + settings.attachTimeoutMs();
    }

    private Window made(LocalSession session, Adoption adoption) {
        SessionIdentity identity = session.identity();
        return outlet.window(
                new Requester(identity.incarnation(), identity.id(), identity.epoch()),
                Logs.GROUPS,
                adoption.partition(),
                adoption.lastNumber() + 1,
                new WindowBounds(settings.limits().outstandingMax(), ErrorCode.TOO_MANY_OUTSTANDING, 0));
    }

    /** The session has its place in a partition where these domains live. */
    void adopted(LocalSession session, List<String> domains, Adoption adoption) {
        session.domains().attached(domains, made(session, adoption));
    }
}
