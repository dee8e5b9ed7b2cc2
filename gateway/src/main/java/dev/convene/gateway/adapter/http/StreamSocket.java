package dev.convene.gateway.adapter.http;

import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.netty.http.server.HttpServerRequest;

/** The connection to which a stream is written. Thread-safe. */
interface StreamSocket {
    /** Closes it at once; what was not written is lost. */
    void cut();

    /** Whether it takes more at present. */
    boolean isWritable();

    static StreamSocket of(ServerRequest request) {
        HttpServerRequest connected =
                ServerHttpRequestDecorator.getNativeRequest(request.exchange().getRequest());
        return new StreamSocket() {
            @Override
            public void cut() {
                connected.withConnection(connection -> connection.channel().close());
            }

            @Override
            public boolean isWritable() {
                boolean[] writable = new boolean[1];
                connected.withConnection(
                        connection -> writable[0] = connection.channel().isWritable());
                return writable[0];
            }
        };
    }
}
