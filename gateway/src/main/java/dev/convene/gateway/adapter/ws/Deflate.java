package dev.convene.gateway.adapter.ws;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionData;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionUtil;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketServerExtension;
import io.netty.handler.codec.http.websocketx.extensions.compression.PerMessageDeflateServerExtensionHandshaker;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * permessage-deflate (RFC 7692) as it was agreed on for one connection. Done here and not by Reactor Netty, whose own way
 * lets a frame inflate without a bound.
 */
final class Deflate {
    private static final int LEVEL = 1;

    private final WebSocketServerExtension extension;

    private Deflate(WebSocketServerExtension extension) {
        this.extension = extension;
    }

    /**
     * What a client's offer leads to, or null if there is nothing to agree on.
     *
     * @param offered the {@code Sec-WebSocket-Extensions} header, or null
     * @param frameBytesMax most bytes that one frame may inflate to
     */
    static @Nullable Deflate agree(@Nullable String offered, int frameBytesMax) {
        if (offered == null) {
            return null;
        }
        // Without context takeover: a window for each of thousands of mostly quiet connections costs more than it
        // saves.
        PerMessageDeflateServerExtensionHandshaker handshaker =
                new PerMessageDeflateServerExtensionHandshaker(LEVEL, false, 15, true, true, frameBytesMax);
        for (WebSocketExtensionData data : WebSocketExtensionUtil.extractExtensions(offered)) {
            WebSocketServerExtension extension = handshaker.handshakeExtension(data);
            if (extension != null) {
                return new Deflate(extension);
            }
        }
        return null;
    }

    /** The header of the answer. */
    String header() {
        WebSocketExtensionData data = extension.newReponseData();
        StringBuilder header = new StringBuilder(data.name());
        for (Map.Entry<String, String> parameter : data.parameters().entrySet()) {
            header.append("; ").append(parameter.getKey());
            if (parameter.getValue() != null) {
                header.append('=').append(parameter.getValue());
            }
        }
        return header.toString();
    }

    /** Puts both directions behind the frames' codec. */
    void install(ChannelPipeline pipeline, String before) {
        pipeline.addBefore(before, "convene.inflate", extension.newExtensionDecoder());
        pipeline.addBefore(before, "convene.deflate", extension.newExtensionEncoder());
    }
}
