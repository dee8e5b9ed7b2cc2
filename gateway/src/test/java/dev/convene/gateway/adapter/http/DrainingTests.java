package dev.convene.gateway.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.convene.gateway.edge.EdgeServer;
import dev.convene.gateway.edge.FakeGateway;
import dev.convene.gateway.edge.LeakDetection;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Limits;
import dev.convene.protocol.frame.FrameCodec;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;

/** An instance that goes down lets nobody wait, and says so. */
@Timeout(60)
@ExtendWith(LeakDetection.class)
@DirtiesContext
@SpringBootTest(classes = EdgeServer.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class DrainingTests {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final FrameCodec JSON = FrameCodec.json(Limits.DEFAULT);

    @LocalServerPort
    private int port;

    @Autowired
    private FakeGateway gateway;

    @Autowired
    private Draining draining;

    @Test
    void whoPollsIsToldAndWhoWaitsForAReplyDoesNotKnow() throws Exception {
        gateway.calls = operation -> new CompletableFuture<>();
        try (HttpClient client = HttpClient.newHttpClient()) {
            CompletableFuture<HttpResponse<byte[]>> polling = client.sendAsync(
                    request("receive?wait=20000").GET().build(), HttpResponse.BodyHandlers.ofByteArray());
            CompletableFuture<HttpResponse<byte[]>> asking = client.sendAsync(
                    request("request")
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(
                                    "{\"group\":\"g\",\"service\":\"fifo\",\"body\":1}"))
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            await().atMost(PATIENCE).until(() -> draining.waiting() == 2);

            draining.begin();

            assertThat(code(polling.join(), 503)).isEqualTo(ErrorCode.SHUTTING_DOWN.number());
            assertThat(code(asking.join(), 504)).isEqualTo(ErrorCode.OUTCOME_UNKNOWN.number());
            HttpResponse<byte[]> later =
                    client.send(request("receive?wait=20000").GET().build(), HttpResponse.BodyHandlers.ofByteArray());
            assertThat(code(later, 503)).isEqualTo(ErrorCode.SHUTTING_DOWN.number());
        }
    }

    private static int code(HttpResponse<byte[]> response, int status) {
        assertThat(response.statusCode()).isEqualTo(status);
        return JSON.decodeProblem(response.body()).code();
    }

    private HttpRequest.Builder request(String operation) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/sessions/s5/" + operation))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + FakeGateway.token("s5"));
    }
}
