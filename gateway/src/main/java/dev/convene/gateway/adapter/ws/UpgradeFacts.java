package dev.convene.gateway.adapter.ws;

import dev.convene.gateway.core.Authenticator;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known of a client that asks for a WebSocket. */
record UpgradeFacts(String uri, HttpHeaders values) implements Authenticator.Facts {
    @Override
    public List<String> headers(String name) {
        return values.getAll(name);
    }

    @Override
    public @Nullable String parameter(String name) {
        List<String> given = new QueryStringDecoder(uri).parameters().get(name);
        return given == null ? null : given.getFirst();
    }
}
