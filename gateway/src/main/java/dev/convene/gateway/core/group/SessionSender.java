package dev.convene.gateway.core.group;

import dev.convene.gateway.core.TenantCounters;
import dev.convene.gateway.core.life.GatewayLife;
import dev.convene.gateway.core.request.Window;
import dev.convene.gateway.core.session.Attaching;
import dev.convene.gateway.core.session.LocalSession;
import dev.convene.protocol.group.GroupCommand.Cause;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A session that sends. */
record SessionSender(GatewayLife life, LocalSession session, Attaching attaching) implements Sender {
    @Override
    public CompletableFuture<Window> window(String domain) {
        return attaching.window(life, session, domain);
    }

    @Override
    public String name() {
        return session.privateGroup();
    }

    @Override
    public TenantCounters counters() {
        return session.counters();
    }

    @Override
    public long seq(long given) {
        return given;
    }

    @Override
    public List<Cause> causes(int partition) {
        return session.vector().causesFor(partition);
    }

    @Override
    public CompletableFuture<?> before(int partition) {
        return session.openSends().othersDone(partition);
    }

    @Override
    public void sent(int partition) {
        session.openSends().sent(partition);
    }

    @Override
    public void settled(int partition) {
        session.openSends().settled(partition);
    }

    @Override
    public void delivered(int partition, long offset) {
        session.vector().raise(partition, offset);
    }
}
