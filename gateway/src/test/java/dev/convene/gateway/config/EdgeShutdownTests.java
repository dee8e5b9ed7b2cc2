package dev.convene.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.gateway.edge.EdgeServer;
import dev.convene.gateway.edge.FakeGateway;
import dev.convene.gateway.edge.LeakDetection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** What clients see when an instance goes down as planned. */
@Timeout(180)
@ExtendWith(LeakDetection.class)
class EdgeShutdownTests {
    private final HttpClient client = HttpClient.newHttpClient();

    private static <T> T await(CompletableFuture<T> future) {
        return future.orTimeout(30, TimeUnit.SECONDS).join();
    }

    /** Keeps the code of the close. */
    private static final class CloseListener implements WebSocket.Listener {
        final CompletableFuture<Integer> code = new CompletableFuture<>();

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            code.complete(status);
            return CompletableFuture.completedFuture(null);
        }
    }

    @Test
    void everybodyIsSentElsewhereAndSessionsAreLeftToBeResumed() {
        ConfigurableApplicationContext context = new SpringApplicationBuilder(EdgeServer.class)
                .properties("server.port=0", "server.shutdown=graceful", "spring.main.banner-mode=off")
                .run();
        String base = "://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port");
        FakeGateway gateway = context.getBean(FakeGateway.class);
        CloseListener listener = new CloseListener();
        WebSocket socket = await(client.newWebSocketBuilder()
                .subprotocols("convene.v1.json")
                .buildAsync(URI.create("ws" + base + "/v1/ws"), listener));
        await(socket.sendText("{\"connect\":{}}", true));
        HttpRequest poll = HttpRequest.newBuilder(URI.create("http" + base + "/v1/sessions/s9/receive?wait=30000"))
                .header("Authorization", "Bearer " + FakeGateway.token("s9"))
                .build();
        CompletableFuture<HttpResponse<Void>> polled = client.sendAsync(poll, HttpResponse.BodyHandlers.discarding());
        HttpRequest stream = HttpRequest.newBuilder(URI.create("http" + base + "/v1/sessions/s8/stream"))
                .header("Authorization", "Bearer " + FakeGateway.token("s8"))
                .build();
        CompletableFuture<HttpResponse<String>> streamed =
                client.sendAsync(stream, HttpResponse.BodyHandlers.ofString());
        while (gateway.asked.size() < 3) {
            Thread.onSpinWait();
        }

        context.close();

        assertThat(await(listener.code)).isEqualTo(4000);
        assertThat(await(polled).statusCode()).isEqualTo(503);
        assertThat(await(streamed).body()).contains("event:closing\ndata:{\"closing\":{\"code\":4000");
        assertThat(gateway.suspended).hasSize(1);
        client.shutdownNow();
    }
}
