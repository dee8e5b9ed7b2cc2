package dev.convene.gateway.core;

import dev.convene.protocol.ConveneException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says who asks. Asked once for each WebSocket upgrade and once for each HTTP request, before anything is allocated for it.
 * Thread-safe; called where nothing may block, so whatever has to be fetched (keys, lists) is fetched beforehand.
 */
@FunctionalInterface
public interface Authenticator {
    /** Lets everybody in, as {@link Principal#DEVELOPMENT}. */
    Authenticator DEVELOPMENT = request -> Principal.DEVELOPMENT;

    /**
     * Who sends this request.
     *
     * @throws ConveneException if nobody is let in by it: the client gets the refusal as problem details
     */
    Principal authenticate(Facts request);

    /** What is known of a request before its body is read. */
    interface Facts {
        /** The values of a header in the order given; its name's case does not matter. */
        List<String> headers(String name);

        /** The first value of a query parameter, where programs in browsers cannot set headers; null if there is none. */
        @Nullable String parameter(String name);
    }
}
