package dev.convene.groupservice.adapter.http;

import dev.convene.protocol.frame.HttpFault;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunctions;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServer;

/**
 * The service's own HTTP server. It is not that of Spring Boot, which belongs to the gateway when both run in one process
 * and to the management endpoints otherwise.
 */
public final class ApiServer implements SmartLifecycle {
    /** After the shards that it asks. */
    private static final int PHASE = 2000;
    /** Requests in progress get this long when the server stops. */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(2);

    private static final Logger log = LoggerFactory.getLogger(ApiServer.class);

    private final InetSocketAddress address;
    private final ReactorHttpHandlerAdapter handler;
    private @Nullable DisposableServer server;

    /** @param address where to listen; port 0 for any free one */
    public ApiServer(InetSocketAddress address, GroupRoutes groups, ShardRoutes shards, OperationRoutes operations) {
        this.address = address;
        boolean loopback = address.getAddress() != null && address.getAddress().isLoopbackAddress();
        this.handler = new ReactorHttpHandlerAdapter(RouterFunctions.toHttpHandler(groups.routes()
                .and(shards.routes())
                .and(operations.routes())
                .and(RouterFunctions.route(RequestPredicates.all(), _ -> Refusals.fault(HttpFault.NOT_FOUND)))
                .filter(new LocalOnly(loopback))
                .filter((request, next) ->
                        Mono.defer(() -> next.handle(request)).onErrorResume(Refusals::problem))));
    }

    @Override
    public synchronized void start() {
        DisposableServer bound = HttpServer.create()
                .bindAddress(() -> address)
                .doOnChannelInit((_, channel, _) -> channel.pipeline()
                        .addBefore(NettyPipeline.HttpTrafficHandler, "convene.http", new RequestCheck()))
                .handle(handler)
                .bindNow();
        server = bound;
        log.info("Groups and shards can be asked at http://{}:{}", address.getHostString(), bound.port());
    }

    @Override
    public synchronized void stop() {
        DisposableServer bound = server;
        if (bound != null) {
            bound.disposeNow(STOP_TIMEOUT);
            server = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return server != null;
    }

    /** The port that it listens on, or -1 while it does not run. */
    public synchronized int port() {
        return server == null ? -1 : server.port();
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
