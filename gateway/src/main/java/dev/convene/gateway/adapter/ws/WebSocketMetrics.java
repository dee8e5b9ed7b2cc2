package dev.convene.gateway.adapter.ws;

import dev.convene.protocol.CloseCode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** What the WebSocket edge counts. Thread-safe. */
public final class WebSocketMetrics {
    private final Counter framesReceived;
    private final Counter framesRefused;
    private final Counter framesSent;
    private final Counter pushesSent;
    private final Map<CloseCode, Counter> closes = new EnumMap<>(CloseCode.class);

    public WebSocketMetrics(MeterRegistry registry) {
        framesReceived = Counter.builder("convene.websocket.frames.received")
                .description("Frames of clients, control frames included")
                .register(registry);
        framesRefused = Counter.builder("convene.websocket.frames.refused")
                .description("Requests that were answered with an error")
                .register(registry);
        framesSent = Counter.builder("convene.websocket.frames.sent")
                .description("Frames with answers, pushes and batches of pushes")
                .register(registry);
        pushesSent = Counter.builder("convene.websocket.pushes.sent")
                .description("Messages and views written to sockets")
                .register(registry);
        for (CloseCode code : CloseCode.values()) {
            String tag = code.name().toLowerCase(Locale.ROOT).replace('_', '-');
            closes.put(
                    code,
                    Counter.builder("convene.websocket.closed")
                            .description("Connections that the gateway closed")
                            .tag("code", tag)
                            .register(registry));
        }
    }

    void frameReceived() {
        framesReceived.increment();
    }

    void frameRefused() {
        framesRefused.increment();
    }

    void frameSent() {
        framesSent.increment();
    }

    void pushesSent(int count) {
        pushesSent.increment(count);
    }

    void closed(CloseCode code) {
        Counter counter = closes.get(code);
        if (counter != null) {
            counter.increment();
        }
    }
}
