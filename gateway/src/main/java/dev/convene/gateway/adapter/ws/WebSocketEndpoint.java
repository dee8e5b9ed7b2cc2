package dev.convene.gateway.adapter.ws;

import dev.convene.gateway.core.Authenticator;
import dev.convene.gateway.core.Gateway;
import dev.convene.gateway.core.Principal;
import dev.convene.gateway.core.time.TokenBucket;
import dev.convene.protocol.CloseCode;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.frame.FrameCodec;
import dev.convene.protocol.frame.Problem;
import dev.convene.protocol.value.Encoding;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;
import reactor.netty.http.server.WebsocketServerSpec;

/**
 * {@code GET /v1/ws}: negotiates the encoding, upgrades and hands the channel to a {@link ClientConnection}. What it does
 * not accept it refuses with problem details, as every other address does.
 */
public final class WebSocketEndpoint {
    /** Where it is. */
    public static final String PATH = "/v1/ws";

    private static final String VERSION = "13";

    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(64 * 1024, 256 * 1024);
    private static final String PROTOCOLS = Encoding.JSON.subprotocol() + "," + Encoding.CBOR.subprotocol();

    private final Gateway gateway;
    private final Authenticator authenticator;
    private final Function<Encoding, FrameCodec> codecs;
    private final WebSocketSettings settings;
    private final WebSocketMetrics metrics;
    private final Connections connections;

    /**
     * @param authenticator says who asks for each WebSocket
     * @param codecs the codec of each encoding
     */
    public WebSocketEndpoint(
            Gateway gateway,
            Authenticator authenticator,
            Function<Encoding, FrameCodec> codecs,
            WebSocketSettings settings,
            WebSocketMetrics metrics,
            Connections connections) {
        this.gateway = gateway;
        this.authenticator = authenticator;
        this.codecs = codecs;
        this.settings = settings;
        this.metrics = metrics;
        this.connections = connections;
    }

    /** Adds the endpoint to the routes of a server. */
    public HttpServerRoutes addTo(HttpServerRoutes routes) {
        return routes.route(request -> isHere(request.uri()), this::handle);
    }

    private static boolean isHere(String uri) {
        return uri.startsWith(PATH) && (uri.length() == PATH.length() || uri.charAt(PATH.length()) == '?');
    }

    private Publisher<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        if (!isUpgrade(request)) {
            response.header(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
            return refuse(response, 426, ErrorCode.BAD_FRAME, "this address is for WebSocket: send an upgrade request");
        }
        if (!VERSION.equals(request.requestHeaders().get(HttpHeaderNames.SEC_WEBSOCKET_VERSION))) {
            response.header(HttpHeaderNames.SEC_WEBSOCKET_VERSION, VERSION);
            return refuse(response, 426, ErrorCode.BAD_FIELD, "send Sec-WebSocket-Version: " + VERSION);
        }
        if (!request.requestHeaders().contains(HttpHeaderNames.SEC_WEBSOCKET_KEY)) {
            return refuse(response, 400, ErrorCode.BAD_FIELD, "send Sec-WebSocket-Key");
        }
        Encoding encoding = chosen(request.requestHeaders().get(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL));
        if (encoding == null) {
            return refuse(
                    response,
                    400,
                    ErrorCode.BAD_FIELD,
                    "offer " + Encoding.JSON.subprotocol() + " or " + Encoding.CBOR.subprotocol()
                            + " in Sec-WebSocket-Protocol");
        }
        if (connections.isClosing()) {
            return refuse(response, 503, ErrorCode.SHUTTING_DOWN, ErrorCode.SHUTTING_DOWN.advice());
        }
        Principal principal;
        try {
            principal = authenticator.authenticate(new UpgradeFacts(request.uri(), request.requestHeaders()));
        } catch (ConveneException e) {
            return refuse(response, Problem.of(e).status(), e);
        }
        if (!connections.reserve()) {
            return refuse(response, 503, ErrorCode.OVERLOADED, "this gateway has no room for more connections");
        }
        return upgrade(request, response, principal, encoding);
    }

    private static boolean isUpgrade(HttpServerRequest request) {
        return request.method().equals(HttpMethod.GET)
                && request.requestHeaders().containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
                && request.requestHeaders().containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true);
    }

    /** The first of the offered subprotocols that is ours, as Netty's handshake chooses too; null if none is. */
    private static @Nullable Encoding chosen(@Nullable String offered) {
        if (offered != null) {
            for (String one : offered.split(",", 17)) {
                Encoding encoding = Encoding.ofSubprotocol(one.strip());
                if (encoding != null) {
                    return encoding;
                }
            }
        }
        return null;
    }

    private Publisher<Void> upgrade(
            HttpServerRequest request, HttpServerResponse response, Principal principal, Encoding encoding) {
        Deflate deflate = settings.compression()
                ? Deflate.agree(
                        request.requestHeaders().get(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS),
                        gateway.limits().frameBytesMax())
                : null;
        if (deflate != null) {
            response.header(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS, deflate.header());
        }
        response.withConnection(
                connection -> connection.channel().closeFuture().addListener(_ -> connections.release()));
        WebsocketServerSpec spec = WebsocketServerSpec.builder()
                .protocols(PROTOCOLS)
                .maxFramePayloadLength(gateway.limits().frameBytesMax())
                .handlePing(true)
                .build();
        return response.sendWebsocket(
                (in, out) -> {
                    in.withConnection(connection -> install(connection, principal, encoding, deflate));
                    // The connection ends by its channel being closed, never by this stream.
                    return out.neverComplete();
                },
                spec);
    }

    private void install(Connection connection, Principal principal, Encoding encoding, @Nullable Deflate deflate) {
        Channel channel = connection.channel();
        channel.config().setWriteBufferWaterMark(WATER_MARK);
        ChannelPipeline pipeline = channel.pipeline();
        if (deflate != null) {
            deflate.install(pipeline, NettyPipeline.ReactiveBridge);
        }
        addTo(pipeline, NettyPipeline.ReactiveBridge, principal, encoding, deflate != null);
        channel.config().setAutoRead(true);
    }

    /** Adds the handlers of one connection. */
    void addTo(ChannelPipeline pipeline, String before, Principal principal, Encoding encoding, boolean deflating) {
        ClientConnection client = new ClientConnection(
                gateway,
                principal,
                codecs.apply(encoding),
                settings,
                metrics,
                connections,
                new Loop(pipeline.channel().eventLoop()),
                deflating);
        long now = pipeline.channel().eventLoop().ticker().nanoTime();
        TokenBucket rate = new TokenBucket(gateway.limits().framesPerSecondMax(), settings.framesBurst(), now);
        UnfinishedFrames unfinished = new UnfinishedFrames(
                connections.frameBudget(), pipeline.channel().eventLoop().ticker()::nanoTime);
        client.holds(unfinished);
        Violations.install(pipeline, client);
        unfinished.install(pipeline, () -> client.close(CloseCode.TRY_LATER));
        pipeline.addBefore(before, "convene.gate", new FrameGate(client, encoding, rate, unfinished));
        pipeline.addBefore(
                before,
                "convene.aggregate",
                new WebSocketFrameAggregator(gateway.limits().frameBytesMax()));
        pipeline.addBefore(before, "convene.client", client);
    }

    private Publisher<Void> refuse(HttpServerResponse response, int status, ErrorCode code, String detail) {
        return refuse(response, status, new ConveneException(code, null, detail));
    }

    private Publisher<Void> refuse(HttpServerResponse response, int status, ConveneException refusal) {
        Problem plain = Problem.of(gateway.advised(refusal));
        Problem problem = new Problem(
                status,
                plain.code(),
                plain.name(),
                plain.detail(),
                plain.temporary(),
                plain.happened(),
                plain.field(),
                plain.retryAfterMs());
        if (plain.retryAfterMs() > 0) {
            response.header(HttpHeaderNames.RETRY_AFTER, Long.toString((plain.retryAfterMs() + 999L) / 1000));
        }
        return response.status(status)
                .header(HttpHeaderNames.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .sendByteArray(Mono.just(codecs.apply(Encoding.JSON).encodeProblem(problem)));
    }
}
