package dev.convene.gateway.core.group;

import dev.convene.gateway.core.TenantCounters;
import dev.convene.gateway.core.life.GatewayLife;
import dev.convene.gateway.core.life.OwnDomains;
import dev.convene.gateway.core.request.Window;
import dev.convene.protocol.group.GroupCommand.Cause;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The gateway, for clients without a session: each of their messages stands for itself. */
record OwnSender(GatewayLife life, OwnDomains domains, String name, TenantCounters counters) implements Sender {
    private static final CompletableFuture<?> NOTHING = CompletableFuture.completedFuture(null);

    @Override
    public CompletableFuture<Window> window(String domain) {
        return domains.partition(life, domain).thenApply(life::own);
    }

    @Override
    public long seq(long given) {
        return 0;
    }

    @Override
    public List<Cause> causes(int partition) {
        return List.of();
    }

    @Override
    public CompletableFuture<?> before(int partition) {
        return NOTHING;
    }

    @Override
    public void sent(int partition) {}

    @Override
    public void settled(int partition) {}

    @Override
    public void delivered(int partition, long offset) {}
}
