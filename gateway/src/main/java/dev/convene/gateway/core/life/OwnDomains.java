package dev.convene.gateway.core.life;

import dev.convene.gateway.core.delivery.Tail;
import dev.convene.gateway.core.log.Logs;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.session.SessionCommand;
import dev.convene.protocol.session.SessionReply;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Where domains live, and the gateway's own attachments there. Bounded by the domains of the log. Thread-safe. */
public final class OwnDomains {
    /** No partition. */
    public static final int NOWHERE = -1;

    private record Place(long incarnation, String domain) {}

    private final Tail tail;
    private final Map<Place, CompletableFuture<Integer>> places = new ConcurrentHashMap<>();

    public OwnDomains(Tail tail) {
        this.tail = tail;
    }

    /** The partition of a domain, when it is followed and this life is attached there; refused while it has halted. */
    public CompletableFuture<Integer> partition(GatewayLife life, String domain) {
        CompletableFuture<Integer> settled = settled(life, domain);
        return tail.halted().isEmpty()
                ? settled
                : settled.thenApply(partition -> {
                    tail.requireRunning(partition);
                    return partition;
                });
    }

    /** The same for whoever only reads; {@link #NOWHERE} for a domain that nobody has used yet, and it stays so. */
    public CompletableFuture<Integer> lookUp(GatewayLife life, String domain) {
        if (places.containsKey(new Place(life.incarnation(), domain))) {
            return partition(life, domain);
        }
        return life.ask(new SessionCommand.AttachGateway(Logs.GROUPS, domain, false))
                .thenCompose(reply -> reply instanceof SessionReply.Attached
                        ? partition(life, domain)
                        : CompletableFuture.completedFuture(NOWHERE));
    }

    private CompletableFuture<Integer> settled(GatewayLife life, String domain) {
        Place place = new Place(life.incarnation(), domain);
        CompletableFuture<Integer> known = places.get(place);
        if (known != null) {
            return known;
        }
        CompletableFuture<Integer> made = new CompletableFuture<>();
        CompletableFuture<Integer> other = places.putIfAbsent(place, made);
        if (other != null) {
            return other;
        }
        places.keySet().removeIf(one -> one.incarnation < life.incarnation());
        life.ask(new SessionCommand.AttachGateway(Logs.GROUPS, domain))
                .thenCompose(reply -> {
                    if (!(reply instanceof SessionReply.Attached attached)) {
                        return CompletableFuture.failedFuture(new ConveneException(ErrorCode.INTERNAL));
                    }
                    int partition = attached.domain().partition();
                    return tail.whenAttached(partition, life.incarnation()).thenApply(nothing -> partition);
                })
                .whenComplete((partition, e) -> {
                    if (e == null) {
                        made.complete(partition);
                    } else {
                        places.remove(place, made);
                        made.completeExceptionally(e);
                    }
                });
        return made;
    }
}
