package dev.convene.gateway.adapter.http;

import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Names;
import dev.convene.protocol.frame.ClientOperation;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.protocol.frame.GroupOperation.Multicast;
import java.util.List;
import org.springframework.web.reactive.function.server.ServerRequest;

/** The header {@code Idempotency-Key}: another place for the {@code key} of a multicast. */
final class Idempotency {
    private static final String HEADER = "Idempotency-Key";

    private Idempotency() {}

    /** The operation with the request's key, if it has one and the operation takes one. */
    static ClientOperation apply(ServerRequest request, ClientOperation operation) {
        List<String> keys = request.headers().header(HEADER);
        if (keys.isEmpty()) {
            return operation;
        }
        if (keys.size() > 1) {
            throw refusal("give one key");
        }
        String key = Names.requireKey(keys.getFirst(), HEADER);
        return switch (operation) {
            case Multicast multicast -> withKey(multicast, key);
            case GroupOperation.Request asked ->
                new GroupOperation.Request(withKey(asked.message(), key), asked.timeoutMs());
            default -> operation;
        };
    }

    private static Multicast withKey(Multicast multicast, String key) {
        if (multicast.key() != null && !multicast.key().equals(key)) {
            throw refusal("the header and the body give different keys");
        }
        return multicast.withKey(key);
    }

    private static ConveneException refusal(String message) {
        return new ConveneException(ErrorCode.BAD_FIELD, HEADER, message);
    }
}
