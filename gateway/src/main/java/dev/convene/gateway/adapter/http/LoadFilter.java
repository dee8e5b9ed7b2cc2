package dev.convene.gateway.adapter.http;

import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Sheds load: refuses requests above a number at a time, before anything is done for them. Thread-safe. */
public final class LoadFilter implements WebFilter {
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
