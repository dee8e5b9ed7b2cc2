package dev.convene.gateway.config;

import dev.convene.gateway.adapter.http.Draining;
import dev.convene.gateway.adapter.ws.Connections;
import dev.convene.protocol.CloseCode;
import java.util.concurrent.TimeUnit;
import org.springframework.context.SmartLifecycle;

/**
 * Sends clients elsewhere when this instance goes down: before the web server stops taking requests and long before the
 * gateway itself stops. Their sessions are left to be resumed.
 */
final class EdgeShutdown implements SmartLifecycle {
    private static final int PATIENCE_SECONDS = 5;

    private final Connections connections;
    private final Draining draining;
    private volatile boolean running;

    EdgeShutdown(Connections connections, Draining draining) {
        this.connections = connections;
        this.draining = draining;
    }

    @Override
    public void start() {
        draining.end();
        running = true;
    }

    @Override
    public void stop() {
        stop(() -> {});
    }

    @Override
    public void stop(Runnable done) {
        running = false;
        draining.begin();
        connections
                .closeAll(CloseCode.SHUTDOWN)
                .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .whenComplete((_, _) -> done.run());
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Lifecycles stop from the highest phase down; the web server's graceful shutdown has 1024 less than the highest. */
    @Override
    public int getPhase() {
        return SmartLifecycle.DEFAULT_PHASE - 512;
    }
}
