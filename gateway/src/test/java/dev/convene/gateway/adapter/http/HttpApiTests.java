package dev.convene.gateway.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.gateway.core.delivery.Feed;
import dev.convene.gateway.core.session.LocalSession;
import dev.convene.gateway.edge.EdgeServer;
import dev.convene.gateway.edge.FakeGateway;
import dev.convene.gateway.edge.LeakDetection;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Limits;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.FrameCodec;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.protocol.frame.Problem;
import dev.convene.protocol.frame.SessionOperation;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Requests over HTTP: sessions, long polls, errors. */
@ExtendWith(LeakDetection.class)
@SpringBootTest(
        classes = EdgeServer.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = "convene.gateway.edge.body-timeout=4s")
class HttpApiTests {
    private static final FrameCodec JSON = FrameCodec.json(Limits.DEFAULT);
    private static final FrameCodec CBOR = FrameCodec.cbor(Limits.DEFAULT);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @LocalServerPort
    private int port;

    @Autowired
    private FakeGateway gateway;

    private HttpClient client;

    @BeforeEach
    void open() {
        client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        gateway.sessions.clear();
        gateway.asked.clear();
        gateway.ready = true;
        gateway.calls = new FakeGateway().calls;
    }

    @AfterEach
    void close() {
        client.close();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(PATIENCE);
    }

    private HttpRequest.Builder ofSession(String path) {
        String id = gateway.only().id();
        return request("/v1/sessions/" + id + path).header("Authorization", "Bearer " + FakeGateway.token(id));
    }

    private HttpRequest post(HttpRequest.Builder request, String body) {
        return request.header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private HttpResponse<byte[]> send(HttpRequest request) {
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray())
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    private LocalSession connect() {
        HttpResponse<byte[]> response = send(post(request("/v1/sessions"), "{\"name\":\"alice\"}"));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(JSON.decodeAnswer("connect", response.body())).isInstanceOf(Answer.Connected.class);
        return gateway.only();
    }

    private static Problem problem(HttpResponse<byte[]> response, int status, ErrorCode code) {
        assertThat(response.headers().firstValue("content-type")).hasValue("application/problem+json");
        Problem problem = JSON.decodeProblem(response.body());
        assertThat(problem.code()).isEqualTo(code.number());
        assertThat(response.statusCode()).isEqualTo(status).isEqualTo(problem.status());
        assertThat(new String(response.body())).doesNotContain("Exception");
        return problem;
    }

    @Test
    void connectsOperatesAndCloses() {
        connect();
        HttpResponse<byte[]> joined = send(post(ofSession("/join"), "{\"group\":\"lobby\"}"));
        assertThat(JSON.decodeAnswer("join", joined.body())).isEqualTo(Answer.Accepted.at(FakeGateway.AT));
        assertThat(gateway.asked.getLast()).isInstanceOf(GroupOperation.Join.class);

        assertThat(send(ofSession("").DELETE().build()).statusCode()).isEqualTo(200);
        assertThat(gateway.asked.getLast()).isInstanceOf(SessionOperation.Close.class);
    }

    @Test
    void anEmptyBodyIsAMapWithoutFields() {
        connect();
        HttpRequest poll =
                ofSession("/ping").POST(HttpRequest.BodyPublishers.noBody()).build();
        assertThat(send(poll).statusCode()).isEqualTo(200);
    }

    @Test
    void speaksCborWhenAskedTo() {
        connect();
        HttpRequest request = ofSession("/leave")
                .header("Content-Type", "application/cbor")
                .header("Accept", "application/json;q=0.5, application/cbor")
                .POST(HttpRequest.BodyPublishers.ofByteArray(
                        CBOR.encodeOperation(new GroupOperation.Leave("lobby", 0))))
                .build();
        HttpResponse<byte[]> response = send(request);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/cbor");
        assertThat(CBOR.decodeAnswer("leave", response.body())).isEqualTo(Answer.Accepted.at(FakeGateway.AT));
    }

    @Test
    void aLongPollTakesWhatWaitsOrWaitsForIt() {
        LocalSession session = connect();
        assertThat(send(ofSession("/receive").build()).statusCode()).isEqualTo(204);

        CompletableFuture<HttpResponse<byte[]>> waiting =
                client.sendAsync(ofSession("/receive?wait=15000").build(), HttpResponse.BodyHandlers.ofByteArray());
        Feed.offer(session.queue(), Feed.message(8, "one"), Feed.message(9, "two"));
        HttpResponse<byte[]> response =
                waiting.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        assertThat(((Answer.Received) JSON.decodeAnswer("receive", response.body())).messages())
                .containsSubsequence(Feed.message(8, "one"));
    }

    @Test
    void whatWasNotSeenComesAgain() {
        LocalSession session = connect();
        Feed.offer(session.queue(), Feed.message(8, "one"), Feed.message(9, "two"));
        assertThat(messages("/receive")).containsExactly(Feed.message(8, "one"), Feed.message(9, "two"));
        assertThat(messages("/receive?seen=default:e-0:8")).containsExactly(Feed.message(9, "two"));
        assertThat(send(ofSession("/receive?seen=default:e-0:9").build()).statusCode())
                .isEqualTo(204);
    }

    private java.util.List<dev.convene.protocol.frame.Push> messages(String path) {
        HttpResponse<byte[]> response = send(ofSession(path).build());
        assertThat(response.statusCode()).isEqualTo(200);
        return ((Answer.Received) JSON.decodeAnswer("receive", response.body())).messages();
    }

    @Test
    void aPreferenceIsAWaitInSeconds() {
        connect();
        CompletableFuture<HttpResponse<byte[]>> waiting = client.sendAsync(
                ofSession("/receive").header("Prefer", "respond-async, wait=15").build(),
                HttpResponse.BodyHandlers.ofByteArray());
        // A second one ends the first with nothing.
        while (gateway.asked.size() < 2) {
            Thread.onSpinWait();
        }
        assertThat(send(ofSession("/receive").build()).statusCode()).isEqualTo(204);
        HttpResponse<byte[]> response =
                waiting.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        assertThat(response.statusCode()).isEqualTo(204);
        assertThat(response.headers().firstValue("preference-applied")).hasValue("wait=15");
        assertThat(gateway.asked.get(1))
                .isInstanceOfSatisfying(
                        SessionOperation.Receive.class,
                        receive -> assertThat(receive.waitMs()).isEqualTo(15_000));
    }

    @Test
    void aSessionOfAnotherGatewayIsTakenOver() {
        HttpRequest request = request("/v1/sessions/s2s/ping")
                .header("Authorization", "Bearer " + FakeGateway.token("s2s"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        assertThat(send(request).statusCode()).isEqualTo(200);
        assertThat(gateway.sessions).containsKey("s2s");
    }

    @Test
    void theTokenMustBeTheSessions() {
        LocalSession session = connect();
        String path = "/v1/sessions/" + session.id() + "/ping";
        HttpResponse<byte[]> without = send(post(request(path), "{}"));
        problem(without, 401, ErrorCode.WRONG_TOKEN);
        assertThat(without.headers().firstValue("www-authenticate")).hasValue("Bearer");
        problem(send(post(request(path).header("Authorization", "Bearer no"), "{}")), 401, ErrorCode.WRONG_TOKEN);
    }

    @Test
    void multicastsWithoutSessionUnderTheKeyOfTheHeader() {
        String body = "{\"group\":\"lobby\",\"service\":\"agreed\",\"body\":1}";
        assertThat(send(post(request("/v1/multicast").header("Idempotency-Key", "k-1"), body))
                        .statusCode())
                .isEqualTo(200);
        assertThat(gateway.asked.getLast())
                .isInstanceOfSatisfying(
                        GroupOperation.Multicast.class,
                        sent -> assertThat(sent.key()).isEqualTo("k-1"));

        String other = "{\"group\":\"lobby\",\"service\":\"agreed\",\"body\":1,\"key\":\"k-2\"}";
        assertThat(problem(
                                send(post(request("/v1/multicast").header("Idempotency-Key", "k-1"), other)),
                                400,
                                ErrorCode.BAD_FIELD)
                        .field())
                .isEqualTo("Idempotency-Key");
    }

    @Test
    void readsGroupsMembersAndHistoryByQuery() {
        send(request("/v1/groups?prefix=chess/&limit=3").build());
        assertThat(gateway.asked.getLast()).isEqualTo(new GroupOperation.Groups("chess/", null, null, 3));
        send(request("/v1/members?group=chess/lobby").build());
        assertThat(gateway.asked.getLast()).isEqualTo(new GroupOperation.Members("chess/lobby", null, null, 100));
        send(request("/v1/history?group=lobby&last=5").build());
        assertThat(gateway.asked.getLast()).isInstanceOf(GroupOperation.History.class);
        HttpResponse<byte[]> limits = send(request("/v1/limits").build());
        assertThat(JSON.decodeLimits(limits.body())).isEqualTo(gateway.limits);
    }

    @Test
    void anErrorNamesTheFieldAtFault() {
        Problem problem = problem(
                send(post(request("/v1/multicast"), "{\"group\":\"lobby\",\"body\":1}")),
                400,
                ErrorCode.ILLEGAL_SERVICE);
        assertThat(problem.field()).isEqualTo("multicast.service");
        assertThat(problem.temporary()).isFalse();
        problem(send(request("/v1/members").build()), 400, ErrorCode.MISSING_FIELD);
    }

    @ParameterizedTest
    @CsvSource({"overloaded,503", "too-many-sessions,429", "unavailable,503", "outcome-unknown,504"})
    void whatMayBeRetriedSaysWhen(String name, int status) {
        ErrorCode code =
                ErrorCode.valueOf(name.toUpperCase(java.util.Locale.ROOT).replace('-', '_'));
        gateway.calls = _ -> CompletableFuture.failedFuture(new ConveneException(code));
        HttpResponse<byte[]> response = send(request("/v1/groups").build());
        assertThat(problem(response, status, code).temporary()).isTrue();
        assertThat(response.headers().firstValue("retry-after"))
                .hasValueSatisfying(
                        seconds -> assertThat(Integer.parseInt(seconds)).isPositive());
    }

    @Test
    void aFaultOfTheGatewayIsToldAsInternalWithoutDetails() {
        gateway.calls = _ -> CompletableFuture.failedFuture(new IllegalStateException("secret"));
        HttpResponse<byte[]> response = send(request("/v1/groups").build());
        problem(response, 500, ErrorCode.INTERNAL);
        assertThat(new String(response.body())).doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /v1/nothing, 404,",
        "GET, /, 404,",
        "PUT, /v1/sessions, 405, POST",
        "DELETE, /v1/groups, 405, GET",
        "POST, /v1/sessions/s1, 405, DELETE",
        "PUT, /v1/sessions/s1/receive, 405, 'GET, POST'",
        "POST, /v1/sessions/s1/jump, 404,",
        "POST, /v1/sessions/s1/connect, 404,",
        "GET, /v1/sessions/s1/join, 405, POST"
    })
    void unknownAddressesAndMethodsAreProblemsToo(String method, String path, int status, String allowed) {
        HttpRequest request = request(path)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString("{}"))
                .build();
        HttpResponse<byte[]> response = send(request);
        problem(response, status, ErrorCode.UNKNOWN_OPERATION);
        List<String> methods = response.headers().firstValue("Allow").stream()
                .flatMap(all -> Stream.of(all.split(",")))
                .sorted()
                .toList();
        assertThat(methods).isEqualTo(allowed == null ? List.of() : List.of(allowed.split(", ")));
    }

    @ParameterizedTest
    @CsvSource({"text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "nonsense"})
    void bodiesOfOtherTypesAreNotTaken(String type) {
        HttpRequest request = request("/v1/multicast")
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString("{\"group\":\"lobby\",\"service\":\"agreed\",\"body\":1}"))
                .build();
        problem(send(request), 415, ErrorCode.UNSUPPORTED_MEDIA_TYPE);
        assertThat(gateway.asked).isEmpty();
    }

    @Test
    void aBodyWithoutTypeIsNotTaken() {
        HttpRequest request = request("/v1/multicast")
                .POST(HttpRequest.BodyPublishers.ofString("{\"group\":\"lobby\",\"service\":\"agreed\",\"body\":1}"))
                .build();
        problem(send(request), 415, ErrorCode.UNSUPPORTED_MEDIA_TYPE);
    }

    @Test
    void bodiesThatAreTooLargeAreRefusedDeclaredOrNot() {
        byte[] body = new byte[gateway.limits.frameBytesMax() + 1];
        HttpRequest undeclared = request("/v1/multicast")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(body)))
                .build();
        problem(send(undeclared), 413, ErrorCode.FRAME_TOO_LARGE);
        String head = dev.convene.gateway.edge.RawHttp.head(
                port,
                "POST /v1/multicast HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                        + body.length + "\r\n\r\n");
        assertThat(head).startsWith("HTTP/1.1 413 ").contains("application/problem+json");
    }

    @Test
    void aBodyThatDoesNotComeEndsTheConnection() {
        String answer = dev.convene.gateway.edge.RawHttp.exchange(
                port,
                "POST /v1/multicast HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Content-Length: 100\r\n\r\n{");
        assertThat(answer).startsWith("HTTP/1.1 408 ").contains("application/problem+json");
        assertThat(gateway.asked).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{", "[]", "{\"group\":\"a\"} x", "\u00ff", "{\"a\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["})
    void whatIsNoMapIsRefused(String body) {
        HttpResponse<byte[]> response = send(post(request("/v1/multicast"), body));
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(JSON.decodeProblem(response.body()).code()).isBetween(1000, 1299);
    }
}
