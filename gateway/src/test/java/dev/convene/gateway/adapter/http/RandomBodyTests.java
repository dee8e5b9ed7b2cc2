package dev.convene.gateway.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.gateway.edge.EdgeServer;
import dev.convene.gateway.edge.FakeGateway;
import dev.convene.gateway.edge.LeakDetection;
import dev.convene.protocol.Limits;
import dev.convene.protocol.frame.SessionOperation;
import dev.convene.protocol.value.Encoding;
import dev.convene.testkit.client.HostileFrames;
import dev.convene.testkit.client.TestLimits;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Random bodies made of those of every operation are done or refused; never is it a fault of the gateway. */
@Timeout(120)
@ExtendWith(LeakDetection.class)
@SpringBootTest(classes = EdgeServer.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class RandomBodyTests {
    private static final int BODIES = 1_000;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @LocalServerPort
    private int port;

    @Autowired
    private FakeGateway gateway;

    private HttpClient client;

    @BeforeEach
    void open() {
        client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        gateway.limits = TestLimits.with("waitMsMax", 1);
    }

    @AfterEach
    void close() {
        client.close();
        gateway.limits = Limits.DEFAULT;
        gateway.sessions.clear();
        gateway.asked.clear();
    }

    @ParameterizedTest
    @EnumSource(Encoding.class)
    void randomBodiesAreDoneOrRefused(Encoding encoding) {
        HostileFrames.test(frames -> {
            for (int i = 0; i < BODIES; i++) {
                HostileFrames.HostileBody body = frames.nextBody(encoding);
                if (gateway.sessions.isEmpty()) {
                    assertThat(post("/v1/sessions", Encoding.JSON, "{}".getBytes(StandardCharsets.UTF_8))
                                    .statusCode())
                            .isEqualTo(200);
                }
                HttpResponse<String> answer = post(path(body.operation()), encoding, body.bytes());
                assertThat(answer.statusCode())
                        .as("%s: %s", body.operation(), answer.body())
                        .isBetween(200, 499);
                assertThat(answer.body())
                        .doesNotContain("java.")
                        .doesNotContain("jackson")
                        .doesNotContain("dev.convene");
            }
        });
    }

    private String path(String operation) {
        return operation.equals(SessionOperation.Connect.NAME)
                ? "/v1/sessions"
                : "/v1/sessions/" + gateway.only().id() + "/" + operation;
    }

    private HttpResponse<String> post(String path, Encoding encoding, byte[] body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(PATIENCE)
                .header("Content-Type", encoding == Encoding.JSON ? "application/json" : "application/cbor")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        if (!gateway.sessions.isEmpty()) {
            request.header(
                    "Authorization",
                    "Bearer " + FakeGateway.token(gateway.only().id()));
        }
        return client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.ISO_8859_1))
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }
}
