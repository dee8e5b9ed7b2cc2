package dev.convene.gateway.config;

import dev.convene.gateway.core.LogGateway;
import java.util.concurrent.TimeUnit;
import org.springframework.context.SmartLifecycle;

/** Starts the gateway before its edge takes clients, and says goodbye after it has let them go. */
final class GatewayLifecycle implements SmartLifecycle {
    private static final int PATIENCE_SECONDS = 3;

    private final LogGateway gateway;
    private volatile boolean running;

    GatewayLifecycle(LogGateway gateway) {
        this.gateway = gateway;
    }

    @Override
    public void start() {
        running = true;
        gateway.start();
    }

    @Override
    public void stop() {
        stop(() -> {});
    }

    @Override
    public void stop(Runnable done) {
        running = false;
        gateway.stop().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).whenComplete((nothing, e) -> done.run());
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Below the web server and the edge's own shutdown: starts earlier, stops later. */
    @Override
    public int getPhase() {
        return SmartLifecycle.DEFAULT_PHASE - 4096;
    }
}
