package dev.convene.gateway.adapter.http;

import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Keeps clients' addresses off the management port, where none of the checks of the clients' port is made: Spring Boot serves
 * the routes of the application there too.
 */
public final class ManagementGuard implements WebFilter, ApplicationListener<WebServerInitializedEvent> {
    private static final String MANAGEMENT = "management";
    private static final int NONE = -1;

    private final String basePath;
    private volatile int port = NONE;

    /** @param basePath where the endpoints of management are */
    public ManagementGuard(String basePath) {
        this.basePath = basePath;
    }

    @Override
    public void onApplicationEvent(WebServerInitializedEvent event) {
        if (MANAGEMENT.equals(event.getApplicationContext().getServerNamespace())) {
            port = event.getWebServer().getPort();
        }
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        var local = exchange.getRequest().getLocalAddress();
        if (local == null || local.getPort() != port || isManagement(exchange)) {
            return chain.filter(exchange);
        }
        exchange.getResponse().setStatusCode(HttpStatus.NOT_FOUND);
        return exchange.getResponse().setComplete();
    }

    private boolean isManagement(ServerWebExchange exchange) {
        String path = exchange.getRequest().getPath().pathWithinApplication().value();
        return path.equals(basePath) || path.startsWith(basePath + "/");
    }
}
