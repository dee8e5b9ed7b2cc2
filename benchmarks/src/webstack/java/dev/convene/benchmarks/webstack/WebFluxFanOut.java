package dev.convene.benchmarks.webstack;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.reactive.context.ReactiveWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketMessage;
import org.springframework.web.reactive.socket.WebSocketSession;
import reactor.core.publisher.Sinks;
import reactor.util.concurrent.Queues;

/** WebFlux as its documentation shows it: every session sends a flux. The bytes are shared here too. */
final class WebFluxFanOut implements FanOut {
    private static final List<Receiver> RECEIVERS = new CopyOnWriteArrayList<>();

    private final ReactiveWebServerApplicationContext context;

    WebFluxFanOut() {
        SpringApplication application = new SpringApplication(Wiring.class);
        application.setWebApplicationType(WebApplicationType.REACTIVE);
        application.setDefaultProperties(Map.of("server.port", "0", "server.address", "127.0.0.1"));
        context = (ReactiveWebServerApplicationContext) application.run();
    }

    @Override
    public int port() {
        return Objects.requireNonNull(context.getWebServer()).getPort();
    }

    @Override
    public int receivers() {
        return RECEIVERS.size();
    }

    @Override
    public void publish(int messages) {
        for (int i = 0; i < messages; i++) {
            ByteBuf message = Unpooled.directBuffer(PAYLOAD.length).writeBytes(PAYLOAD);
            for (Receiver receiver : RECEIVERS) {
                receiver.offer(message);
            }
            message.release();
        }
    }

    private record Receiver(WebSocketSession session, Sinks.Many<WebSocketMessage> sink) {
        void offer(ByteBuf message) {
            NettyDataBufferFactory buffers = (NettyDataBufferFactory) session.bufferFactory();
            WebSocketMessage frame =
                    new WebSocketMessage(WebSocketMessage.Type.TEXT, buffers.wrap(message.retainedDuplicate()));
            while (sink.tryEmitNext(frame) == Sinks.EmitResult.FAIL_OVERFLOW) {
                LockSupport.parkNanos(20_000);
            }
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Wiring {
        @Bean
        HandlerMapping sockets() {
            WebSocketHandler handler = session -> {
                Sinks.Many<WebSocketMessage> sink = Sinks.many()
                        .unicast()
                        .onBackpressureBuffer(
                                Queues.<WebSocketMessage>get(WAITING_MAX).get());
                RECEIVERS.add(new Receiver(session, sink));
                return session.send(sink.asFlux());
            };
            return new SimpleUrlHandlerMapping(Map.of("/ws", handler), -1);
        }
    }
}
