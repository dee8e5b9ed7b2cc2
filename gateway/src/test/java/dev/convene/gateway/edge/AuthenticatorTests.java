package dev.convene.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.gateway.core.Access;
import dev.convene.gateway.core.Authenticator;
import dev.convene.gateway.core.Principal;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Limits;
import dev.convene.protocol.frame.FrameCodec;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;

/** Every request is asked about once, before anything is done for it, and is done as whoever sends it. */
@Timeout(60)
@ExtendWith(LeakDetection.class)
@SpringBootTest(
        classes = {EdgeServer.class, AuthenticatorTests.ByHeader.class},
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class AuthenticatorTests {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final FrameCodec JSON = FrameCodec.json(Limits.DEFAULT);
    private static final AtomicInteger ASKED = new AtomicInteger();

    /** The tenant that a header or a parameter names; nobody without one. */
    @TestConfiguration(proxyBeanMethods = false)
    static class ByHeader {
        @Bean
        Authenticator byHeader() {
            return request -> {
                ASKED.incrementAndGet();
                List<String> tenant = request.headers("X-Tenant");
                String parameter = request.parameter("tenant");
                if (tenant.isEmpty() && parameter == null) {
                    throw new ConveneException(ErrorCode.FORBIDDEN, "X-Tenant", "say of which tenant you are");
                }
                return new Principal("somebody", parameter == null ? tenant.getFirst() : parameter, Access.ALL);
            };
        }
    }

    @LocalServerPort
    private int port;

    @Autowired
    private FakeGateway gateway;

    private HttpClient client;

    @BeforeEach
    void open() {
        client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        gateway.principals.clear();
        gateway.asked.clear();
        ASKED.set(0);
    }

    @AfterEach
    void close() {
        client.close();
    }

    private HttpResponse<byte[]> send(String method, String path, boolean named) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + FakeGateway.token("s5"))
                .method(method, HttpRequest.BodyPublishers.ofString(method.equals("POST") ? "{}" : ""))
                .header("Content-Type", "application/json");
        if (named) {
            request.header("x-tenant", "acme");
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    @ParameterizedTest
    @CsvSource({
        "POST,/v1/sessions",
        "POST,/v1/sessions/s5/ping",
        "GET,/v1/sessions/s5/receive",
        "DELETE,/v1/sessions/s5",
        "GET,/v1/groups",
        "GET,/v1/members?group=g"
    })
    void aRequestIsAskedAboutOnceAndDoneAsItsPrincipal(String method, String path) throws Exception {
        assertThat(send(method, path, true).statusCode()).isBetween(200, 204);
        assertThat(ASKED.get()).isEqualTo(1);
        assertThat(gateway.principals).extracting(Principal::tenant).containsExactly("acme");
    }

    @ParameterizedTest
    @CsvSource({
        "POST,/v1/sessions",
        "POST,/v1/sessions/s5/ping",
        "GET,/v1/sessions/s5/receive",
        "GET,/v1/sessions/s5/stream",
        "DELETE,/v1/sessions/s5",
        "GET,/v1/groups",
        "GET,/v1/limits"
    })
    void whoIsNotLetInGetsTheRefusalAsAProblemAndNothingIsDone(String method, String path) throws Exception {
        HttpResponse<byte[]> response = send(method, path, false);
        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(JSON.decodeProblem(response.body()).code()).isEqualTo(ErrorCode.FORBIDDEN.number());
        assertThat(JSON.decodeProblem(response.body()).field()).isEqualTo("X-Tenant");
        assertThat(gateway.asked).isEmpty();
        assertThat(gateway.principals).isEmpty();
    }

    @Test
    void aWebSocketIsAskedAboutOnceForAllThatIsDoneOnIt() {
        Frames frames = new Frames();
        WebSocket socket = client.newWebSocketBuilder()
                .subprotocols("convene.v1.json")
                .buildAsync(URI.create("ws://127.0.0.1:" + port + "/v1/ws?tenant=acme"), frames)
                .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .join();
        socket.sendText("{\"id\":1,\"connect\":{}}", true).join();
        assertThat(frames.next()).contains("\"private\"");
        socket.sendText("{\"id\":2,\"leave\":{\"group\":\"g\"}}", true).join();
        assertThat(frames.next()).contains("\"id\":2");
        socket.abort();
        assertThat(ASKED.get()).isEqualTo(1);
        assertThat(gateway.principals).extracting(Principal::tenant).containsExactly("acme");
    }

    @Test
    void aWebSocketOfNobodyIsNotOpened() {
        String head = RawHttp.head(
                port,
                "GET /v1/ws HTTP/1.1\r\nHost: localhost:" + port
                        + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: convene.v1.json\r\n\r\n");
        assertThat(head).startsWith("HTTP/1.1 403 ").containsIgnoringCase("application/problem+json");
        assertThat(ASKED.get()).isEqualTo(1);
    }

    /** The text frames that came. */
    private static final class Frames implements WebSocket.Listener {
        private final BlockingQueue<String> all = new LinkedBlockingQueue<>();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            all.add(data.toString());
            from.request(1);
            return null;
        }

        String next() {
            try {
                String frame = all.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
                assertThat(frame).isNotNull();
                return frame;
            } catch (InterruptedException e) {
                throw new CompletionException(e);
            }
        }
    }
}
