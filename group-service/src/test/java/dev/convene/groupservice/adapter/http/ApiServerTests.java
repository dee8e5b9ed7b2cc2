package dev.convene.groupservice.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.group.GroupListener;
import dev.convene.group.GroupShard;
import dev.convene.group.Groups;
import dev.convene.groupservice.core.groups.GroupReplicas;
import dev.convene.groupservice.core.groups.HistoryPointer;
import dev.convene.groupservice.core.shards.ShardOperations;
import dev.convene.groupservice.core.shards.ShardStatus;
import dev.convene.groupservice.core.shards.Shards;
import dev.convene.protocol.At;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Limits;
import dev.convene.protocol.Position;
import dev.convene.protocol.frame.FrameCodec;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.protocol.frame.Problem;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiServerTests {
    private static final FrameCodec CODEC = FrameCodec.json(Limits.DEFAULT);

    private final FakeReplicas replicas = new FakeReplicas();
    private final ApiServer server = new ApiServer(
            new InetSocketAddress("127.0.0.1", 0),
            new GroupRoutes(replicas),
            new ShardRoutes(new OneShard()),
            new OperationRoutes(new Said()));
    private final HttpClient client = HttpClient.newHttpClient();

    ApiServerTests() {
        server.start();
    }

    @AfterEach
    void stop() {
        client.close();
        server.stop();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static Problem problem(HttpResponse<byte[]> response) {
        assertThat(response.headers().firstValue("content-type")).hasValue(Problem.MEDIA_TYPE);
        return CODEC.decodeProblem(response.body());
    }

    @Test
    void membersAreAnsweredAsInFrames() throws Exception {
        HttpResponse<byte[]> response = send(request("/v1/members?group=a/b&limit=5"));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(replicas.domains).containsExactly("a");
        assertThat(CODEC.decodeAnswer("members", response.body()))
                .hasToString("MemberPage[group=a/b, view=null, size=0, digest=0, members=[], next=null, at=a:e:6]");
    }

    @Test
    void anOperatorSeesOneTenantAtATime() throws Exception {
        HttpResponse<byte[]> response = send(request("/v1/members?group=a/b&tenant=acme"));
        assertThat(new String(response.body(), StandardCharsets.UTF_8))
                .contains("\"group\":\"a/b\"", "\"at\":\"a:e:6\"")
                .doesNotContain("acme");
        assertThat(replicas.domains).containsExactly("acme#a");
        assertThat(send(request("/v1/members?group=acme%23a/b")).statusCode()).isEqualTo(400);
        assertThat(problem(send(request("/v1/groups?tenant=Acme"))).field()).isEqualTo("tenant");
        assertThat(send(request("/v1/groups?prefix=acme%23")).statusCode()).isEqualTo(400);
    }

    @Test
    void groupsWithoutADomainAreThoseOfAllPartitions() throws Exception {
        HttpResponse<byte[]> response = send(request("/v1/groups?prefix=a"));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(replicas.askedAll).isEqualTo(1);
    }

    @Test
    void aMissingFieldIsAProblemThatNamesIt() throws Exception {
        HttpResponse<byte[]> response = send(request("/v1/members"));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(problem(response).field()).isEqualTo("members.group");
    }

    @Test
    void aReplicaThatIsNotReadyIsATemporaryProblem() throws Exception {
        replicas.failure = new ConveneException(ErrorCode.STARTING);

        HttpResponse<byte[]> response = send(request("/v1/members?group=g"));

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("retry-after")).hasValue("1");
        assertThat(problem(response).temporary()).isTrue();
    }

    @Test
    void settingsAreChangedAndThoseInForceAnswered() throws Exception {
        HttpResponse<byte[]> response = send(request("/v1/settings")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"group\":\"g\",\"historyMs\":5000}")));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(replicas.changes).containsExactly(new GroupOperation.Settings("g", 5000L, null));
        assertThat(new String(response.body(), java.nio.charset.StandardCharsets.UTF_8))
                .contains("default:e:6");
    }

    @Test
    void aWriteThatIsNoJsonIsRefused() throws Exception {
        HttpResponse<byte[]> response = send(request("/v1/settings")
                .header("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString("{\"group\":\"g\"}")));

        assertThat(response.statusCode()).isEqualTo(415);
        assertThat(replicas.changes).isEmpty();
    }

    @Test
    void aBodyBeyondTheLimitIsRefused() throws Exception {
        HttpResponse<byte[]> response = send(request("/v1/settings")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[1 << 20])));

        assertThat(response.statusCode()).isEqualTo(413);
    }

    @Test
    void theHistoryPointerNamesTopicPartitionAndPositions() throws Exception {
        HttpResponse<String> response =
                client.send(request("/v1/history?group=g").build(), HttpResponse.BodyHandlers.ofString());

        assertThat(response.body())
                .isEqualTo("{\"group\":\"g\",\"topic\":\"convene.groups\",\"partition\":3,"
                        + "\"first\":\"default:e:2\",\"next\":\"default:e:9\"}");
    }

    @Test
    void shardsTellHowTheyStand() throws Exception {
        HttpResponse<String> response =
                client.send(request("/v1/shards").build(), HttpResponse.BodyHandlers.ofString());

        assertThat(response.body()).contains("\"log\":\"groups\"", "\"role\":\"owner\"", "\"term\":4", "\"lag\":0");
    }

    @Test
    void shardsAreATableForATerminal() throws Exception {
        HttpResponse<String> response = client.send(
                request("/v1/shards").header("Accept", "text/plain").build(), HttpResponse.BodyHandlers.ofString());

        assertThat(response.body().lines())
                .containsExactly(
                        "SHARD     ROLE   TERM  OWNER  POSITION  LAG  SNAPSHOT  AGE   EPOCH  BEHAVIOUR  ELSEWHERE",
                        "groups/3  owner  4     me@1   17        0    12        60 s  abc0   1          standby at 17 on you");
    }

    @Test
    void operatorsCommandsAreAnsweredInASentence() throws Exception {
        assertThat(operation("skip", "{\"log\":\"groups\",\"partition\":3,\"offset\":17}"))
                .isEqualTo("200 skip groups 3 17 false\n");
        assertThat(operation("skip", "{\"log\":\"groups\",\"partition\":3,\"offset\":5000000000,\"dry\":true}"))
                .isEqualTo("200 skip groups 3 5000000000 true\n");
        assertThat(operation("behaviour", "{\"log\":\"groups\",\"version\":2}"))
                .isEqualTo("200 behaviour groups 2 false\n");
        assertThat(operation("epoch", "{\"log\":\"groups\"}")).isEqualTo("200 epoch groups null false\n");
        assertThat(send(request("/v1/ops/digest?log=groups&partition=3")).body())
                .asString(java.nio.charset.StandardCharsets.UTF_8)
                .isEqualTo("{\"log\":\"groups\",\"partition\":3,\"position\":17,\"digest\":\"ab\"}");
    }

    @Test
    void anOperatorsCommandThatIsNotWholeIsRefused() throws Exception {
        assertThat(operation("skip", "{\"log\":\"groups\",\"partition\":3}"))
                .startsWith("400")
                .contains("offset");
        assertThat(operation("skip", "{\"log\":\"groups\",\"partition\":-3,\"offset\":1}"))
                .startsWith("400")
                .contains("partition must be 0 or more");
        assertThat(operation("skip", "{\"log\":7,\"partition\":3,\"offset\":1}"))
                .startsWith("400");
        assertThat(operation("behaviour", "[]")).startsWith("400");
        assertThat(operation("nothing", "{}")).startsWith("404");
    }

    private String operation(String name, String body) throws Exception {
        HttpResponse<String> response = client.send(
                request("/v1/ops/" + name)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        return response.statusCode() + " " + response.body();
    }

    @Test
    void aWebPageIsNotServed() throws Exception {
        HttpResponse<byte[]> response = send(request("/v1/shards").header("Origin", "http://evil.example"));

        assertThat(response.statusCode()).isEqualTo(403);
    }

    @Test
    void anUnknownPathIsNotFound() throws Exception {
        HttpResponse<byte[]> response = send(request("/v1/nothing"));

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(problem(response).code()).isEqualTo(ErrorCode.UNKNOWN_OPERATION.number());
    }

    @Test
    void anotherMethodIsAProblem() throws Exception {
        HttpResponse<byte[]> response = send(request("/v1/shards").DELETE());

        assertThat(problem(response).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({
        "'hello', 400",
        "'GET /v1/%zz HTTP/1.1\r\nHost: localhost', 400",
        "'GET /v1/shards HTTP/2.0\r\nHost: localhost', 505",
        "'POST /v1/settings HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip', 501"
    })
    void whatIsNoHttpIsAProblem(String head, int status) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write((head + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(answer)
                    .startsWith("HTTP/1.1 " + status + " ")
                    .contains("application/problem+json")
                    .contains("\"code\":1016");
        }
    }

    private static final class OneShard implements Shards {
        @Override
        public CompletableFuture<List<ShardStatus>> status() {
            return CompletableFuture.completedFuture(List.of(new ShardStatus(
                    "groups",
                    3,
                    "owner",
                    4,
                    "me@1",
                    17,
                    0L,
                    0,
                    0L,
                    0L,
                    "",
                    12L,
                    60_000L,
                    99L,
                    "abc0",
                    1,
                    List.of("standby at 17 on you"))));
        }

        @Override
        public boolean areReady() {
            return true;
        }
    }

    /** Says what it was asked for. */
    private static final class Said implements ShardOperations {
        @Override
        public CompletableFuture<String> skip(String log, int partition, long offset, boolean dry) {
            return CompletableFuture.completedFuture("skip " + log + " " + partition + " " + offset + " " + dry);
        }

        @Override
        public CompletableFuture<String> behaviour(String log, int version, boolean dry) {
            return CompletableFuture.completedFuture("behaviour " + log + " " + version + " " + dry);
        }

        @Override
        public CompletableFuture<String> raiseEpoch(String log, String snapshotsOf, boolean dry) {
            return CompletableFuture.completedFuture("epoch " + log + " " + snapshotsOf + " " + dry);
        }

        @Override
        public CompletableFuture<Digest> digest(String log, int partition) {
            return CompletableFuture.completedFuture(new Digest(log, partition, 17, "ab"));
        }
    }

    private static final class FakeReplicas implements GroupReplicas {
        private final Groups groups = new GroupShard(GroupListener.NONE).groups();
        private final List<String> domains = new ArrayList<>();
        private final List<GroupOperation.Settings> changes = new ArrayList<>();
        private int askedAll;
        private ConveneException failure;

        @Override
        public <T> CompletableFuture<T> ask(String domain, BiFunction<Groups, At, T> question) {
            domains.add(domain);
            return failure == null
                    ? CompletableFuture.supplyAsync(() -> question.apply(groups, new At(domain, "e", Position.of(6))))
                    : CompletableFuture.failedFuture(failure);
        }

        @Override
        public <T> CompletableFuture<List<T>> askAll(Function<Groups, T> question) {
            askedAll++;
            return CompletableFuture.completedFuture(List.of(question.apply(groups)));
        }

        @Override
        public CompletableFuture<Void> change(GroupOperation.Settings settings) {
            changes.add(settings);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletableFuture<HistoryPointer> history(String group) {
            return CompletableFuture.completedFuture(new HistoryPointer(
                    group,
                    "convene.groups",
                    3,
                    new At("default", "e", Position.of(2)),
                    new At("default", "e", Position.of(9))));
        }
    }
}
