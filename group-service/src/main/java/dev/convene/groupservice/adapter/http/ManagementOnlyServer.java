package dev.convene.groupservice.adapter.http;

import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServer;
import org.springframework.http.server.reactive.HttpHandler;

/**
 * Makes the server of the management endpoints, and none for {@code server.port=-1}: the API has a server of its own, and
 * Spring Boot opens a management server beside another one only.
 */
public final class ManagementOnlyServer extends NettyReactiveWebServerFactory {
    @Override
    public WebServer getWebServer(HttpHandler handler) {
        return getPort() < 0 ? new None() : super.getWebServer(handler);
    }

    private static final class None implements WebServer {
        @Override
        public void start() {}

        @Override
        public void stop() {}

        @Override
        public int getPort() {
            return -1;
        }
    }
}
