package dev.convene.gateway.adapter.http;

import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Sheds load: refuses requests of clients above a number at a time, before anything is done for them. Probes and metrics
 * are answered also then. Thread-safe.
 */
public final class LoadFilter implements WebFilter {
    /** Probes and metrics. What is written in another way counts as of a client. */
    private static final String OPERATORS = "/actuator/";

    private final AtomicInteger active = new AtomicInteger();
    private final int max;

    /**
     * @param max most requests at a time
     */
    public LoadFilter(int max) {
        this.max = max;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        if (exchange.getRequest().getPath().value().startsWith(OPERATORS)) {
            return chain.filter(exchange);
        }
        if (active.incrementAndGet() > max) {
            active.decrementAndGet();
            return Mono.error(new ConveneException(ErrorCode.OVERLOADED));
        }
        return chain.filter(exchange).doFinally(_ -> active.decrementAndGet());
    }

    /** Requests that are being answered. */
    public int active() {
        return active.get();
    }
}
