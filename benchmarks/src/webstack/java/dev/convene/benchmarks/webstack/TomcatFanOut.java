package dev.convene.benchmarks.webstack;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry;
import org.springframework.web.socket.handler.AbstractWebSocketHandler;

/**
 * Spring MVC on Tomcat: blocking sends, one session after the other, a duplicate of the buffer for each. Binary, since a
 * text would be encoded for every session anew. One slow receiver holds all others up: nothing is spent on avoiding it.
 */
final class TomcatFanOut implements FanOut {
    private static final List<WebSocketSession> RECEIVERS = new CopyOnWriteArrayList<>();

    private final ServletWebServerApplicationContext context;

    TomcatFanOut() {
        SpringApplication application = new SpringApplication(Wiring.class);
        application.setWebApplicationType(WebApplicationType.SERVLET);
        application.setDefaultProperties(Map.of("server.port", "0", "server.address", "127.0.0.1"));
        context = (ServletWebServerApplicationContext) application.run();
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
    public void publish(int messages) throws Exception {
        ByteBuffer message = ByteBuffer.wrap(PAYLOAD);
        for (int i = 0; i < messages; i++) {
            for (WebSocketSession receiver : RECEIVERS) {
                receiver.sendMessage(new BinaryMessage(message.duplicate()));
            }
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableWebSocket
    static class Wiring implements WebSocketConfigurer {
        @Override
        public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {
            AbstractWebSocketHandler handler = new AbstractWebSocketHandler() {
                @Override
                public void afterConnectionEstablished(WebSocketSession session) {
                    RECEIVERS.add(session);
                }
            };
            registry.addHandler(handler, "/ws");
        }
    }
}
