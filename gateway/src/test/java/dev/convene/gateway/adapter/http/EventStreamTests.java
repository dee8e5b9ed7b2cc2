package dev.convene.gateway.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.gateway.core.delivery.Feed;
import dev.convene.gateway.core.session.LocalSession;
import dev.convene.gateway.edge.EdgeServer;
import dev.convene.gateway.edge.FakeGateway;
import dev.convene.gateway.edge.LeakDetection;
import dev.convene.protocol.At;
import dev.convene.protocol.CloseCode;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Limits;
import dev.convene.protocol.Position;
import dev.convene.protocol.frame.FrameCodec;
import dev.convene.protocol.frame.Push;
import dev.convene.protocol.frame.SessionOperation;
import dev.convene.testkit.client.TestLimits;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import reactor.core.publisher.Hooks;

/** Pushes as server-sent events. */
@Timeout(60)
@ExtendWith(LeakDetection.class)
@SpringBootTest(classes = EdgeServer.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class EventStreamTests {
    private static final int RECEIVE_BUFFER = 256 * 1024;
    private static final int STRESS_PUSHES = 20_000;
    private static final int STRESS_AHEAD = 20;
    private static final FrameCodec JSON = FrameCodec.json(Limits.DEFAULT);

    @LocalServerPort
    private int port;

    @Autowired
    private FakeGateway gateway;

    @Autowired
    private LoadFilter load;

    @Autowired
    private Draining draining;

    private HttpClient client;

    @BeforeEach
    void open() {
        client = HttpClient.newHttpClient();
        gateway.sessions.clear();
        gateway.asked.clear();
    }

    @AfterEach
    void close() {
        gateway.limits = Limits.DEFAULT;
        client.shutdownNow();
    }

    private LocalSession connect() {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/sessions"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build();
        client.sendAsync(request, HttpResponse.BodyHandlers.discarding())
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
        return gateway.only();
    }

    private BufferedReader stream(LocalSession session, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port + "/v1/sessions/" + session.id() + "/stream"))
                .header("Authorization", "Bearer " + FakeGateway.token(session.id()));
        if (headers.length > 0) {
            request.headers(headers);
        }
        HttpResponse<InputStream> response = client.sendAsync(
                        request.build(), HttpResponse.BodyHandlers.ofInputStream())
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).hasValue("text/event-stream");
        return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    /** A stream has begun when it asks for what waits. */
    private void awaitReader() {
        await("a reader", () -> asked() > 0);
    }

    private static void await(String what, BooleanSupplier isThere) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!isThere.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** The lines of the next event that is no comment; empty at the end. */
    private static List<String> event(BufferedReader in) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.isEmpty() && !lines.isEmpty()) {
                return lines;
            }
            if (!line.isEmpty() && !line.startsWith(":")) {
                lines.add(line);
            }
        }
        return lines;
    }

    private static Push push(String data) {
        return (Push) JSON.decodeServer(data.substring(5).getBytes(StandardCharsets.UTF_8), _ -> null);
    }

    @Test
    void anEventIsNamedAndHasThePositionsOfAllDomains() throws IOException {
        LocalSession session = connect();
        BufferedReader in = stream(session);
        Feed.offer(session.queue(), Feed.message(8, "one"));
        List<String> lines = event(in);
        assertThat(lines.subList(0, 2)).containsExactly("id:default:e-0:8", "event:message");
        assertThat(push(lines.get(2))).isEqualTo(Feed.message(8, "one"));
        Push other = new Push.Left(new At("chess", "e-0", new Position(3, 1)), "chess/a");
        Feed.offer(session.queue(), other, Feed.message(9, "two"));
        assertThat(event(in)).startsWith("id:default:e-0:8,chess:e-0:3.1", "event:left");
        assertThat(event(in)).startsWith("id:default:e-0:9,chess:e-0:3.1", "event:message");
    }

    @Test
    void anIdHasAlsoTheDomainsOfWhichNothingHasComeYet() throws IOException {
        LocalSession session = connect();
        session.progress()
                .raise(List.of(new At("default", "e-0", Position.of(7)), new At("chess", "e-0", Position.of(2))));
        BufferedReader in = stream(session);
        assertThat(event(in)).containsExactly("id:default:e-0:7,chess:e-0:2");
        Feed.offer(session.queue(), Feed.message(8, "one"));
        assertThat(event(in)).startsWith("id:default:e-0:8,chess:e-0:2", "event:message");
        session.progress().raise(List.of(new At("go", "e-0", Position.of(5))));
        Feed.offer(session.queue(), Feed.message(9, "two"));
        assertThat(event(in)).startsWith("id:default:e-0:9,chess:e-0:2,go:e-0:5", "event:message");
    }

    @Test
    void lastEventIdResumesThere() throws IOException {
        LocalSession session = connect();
        BufferedReader in = stream(session, "Last-Event-ID", "default:e-0:8,chess:e-0:3.1");
        assertThat(event(in)).startsWith("id:default:e-0:8,chess:e-0:3.1", "event:resumed");
        assertThat(gateway.asked)
                .filteredOn(SessionOperation.Resume.class::isInstance)
                .singleElement()
                .isInstanceOfSatisfying(
                        SessionOperation.Resume.class,
                        resume -> assertThat(resume.at().toString()).isEqualTo("[default:e-0:8, chess:e-0:3.1]"));
        Feed.offer(gateway.only().queue(), Feed.message(9, "two"));
        assertThat(event(in)).startsWith("id:default:e-0:9,chess:e-0:3.1");
    }

    @Test
    void commentsKeepTheConnectionAlive() throws IOException {
        LocalSession session = connect();
        gateway.limits = TestLimits.with("heartbeatMs", 50);
        BufferedReader in = stream(session);
        for (int i = 0; i < 6; i++) {
            assertThat(in.readLine()).isIn(":", "");
        }
    }

    @Test
    void theLastEventSaysWhyItIsTheLast() throws IOException {
        LocalSession session = connect();
        BufferedReader in = stream(session);
        session.close(CloseCode.STALE);
        assertThat(event(in)).first().isEqualTo("event:closing");
        assertThat(in.readLine()).isNull();
    }

    @Test
    void aSecondStreamEndsTheFirst() throws IOException {
        LocalSession session = connect();
        BufferedReader first = stream(session);
        awaitReader();
        BufferedReader second = stream(session);
        assertThat(event(first)).first().isEqualTo("event:closing");
        Feed.offer(session.queue(), Feed.message(8, "one"));
        assertThat(event(second)).startsWith("id:default:e-0:8");
    }

    /** Offers come at random moments, so that the reader now waits, now finds something, now is about to wait. */
    @Test
    void aStreamNeverStandsStillWhileSomethingWaits() throws IOException, InterruptedException {
        LocalSession session = connect();
        BufferedReader in = stream(session);
        AtomicInteger read = new AtomicInteger();
        Thread feeder = Thread.ofPlatform().start(() -> {
            Random random = new Random(1);
            for (int i = 0; i < STRESS_PUSHES && !Thread.interrupted(); i++) {
                while (i - read.get() > STRESS_AHEAD && !Thread.currentThread().isInterrupted()) {
                    Thread.onSpinWait();
                }
                Feed.offer(session.queue(), Feed.message(i, "m"));
                for (int spins = random.nextInt(2000); spins > 0; spins--) {
                    Thread.onSpinWait();
                }
                if (i % 500 == 0) {
                    gateway.asked.clear();
                }
            }
        });
        try {
            for (int i = 0; i < STRESS_PUSHES; i++) {
                assertThat(event(in)).startsWith("id:default:e-0:" + i, "event:message");
                read.incrementAndGet();
            }
        } finally {
            feeder.interrupt();
            feeder.join();
        }
    }

    /** Opens a stream over a plain socket and reads its first byte only, while more waits than all buffers take. */
    private Socket stopsReading(LocalSession session) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(RECEIVE_BUFFER);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.setSoTimeout(20_000);
        String request = "GET /v1/sessions/" + session.id() + "/stream?token=" + FakeGateway.token(session.id())
                + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        assertThat(socket.getInputStream().read()).isEqualTo('H');
        String text = "x".repeat(100_000);
        long offset = 0;
        while (Feed.offer(session.queue(), Feed.message(offset, text))) {
            assertThat(offset++).as("bounded").isLessThan(1000);
        }
        return socket;
    }

    @Test
    void nothingIsTakenAheadOfTheSocket() throws IOException {
        LocalSession session = connect();
        try (Socket socket = stopsReading(session)) {
            await("the stream to ask", () -> asked() > 0);
            // A megabyte each; the buffers of the two ends of the connection take some of them, now or a moment later.
            assertThat(asked()).isLessThanOrEqualTo(16);
            assertThat(session.queue().total()).isGreaterThan(gateway.limits.queuedBytesMax() / 2);
        }
    }

    private long asked() {
        return gateway.asked.stream()
                .filter(SessionOperation.Receive.class::isInstance)
                .count();
    }

    @Test
    void aStreamThatEndsLeavesNothingBehind() throws IOException {
        LocalSession session = connect();
        BufferedReader in = stream(session);
        session.close(CloseCode.STALE);
        assertThat(event(in)).first().isEqualTo("event:closing");
        await("nobody to wait for the shutdown", () -> draining.waiting() == 0);
    }

    /** Its client comes back by itself; a connection that said nothing any longer would keep it waiting for ever. */
    @Test
    void aStreamThatCannotSayWhyItEndsIsCut() throws IOException {
        LocalSession session = connect();
        try (Socket socket = stopsReading(session)) {
            assertThat(load.active()).isEqualTo(1);
            session.close(CloseCode.NO_PONG);

            await("the end of the stream", () -> load.active() == 0);
        }
    }

    @Test
    void aReaderThatStopsIsCut() throws IOException {
        LocalSession session = connect();
        try (Socket socket = stopsReading(session)) {
            session.close(CloseCode.SLOW_READER);

            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            byte[] buffer = new byte[64 * 1024];
            try {
                while (socket.getInputStream().read(buffer) >= 0) {
                    assertThat(System.nanoTime()).isLessThan(deadline);
                }
            } catch (SocketException e) {
                assertThat(e).hasMessageContaining("reset");
            }
        }
    }

    @Test
    void aFailureThatNobodyWaitsForIsNoError() {
        List<Throwable> dropped = new ArrayList<>();
        CompletableFuture<String> answer = new CompletableFuture<>();
        Hooks.onErrorDropped(dropped::add);
        try {
            SessionApi.from(() -> answer).subscribe().dispose();
            answer.completeExceptionally(new ConveneException(ErrorCode.STALE_EPOCH));
            assertThat(dropped).isEmpty();
            assertThat(answer).isCompletedExceptionally();
        } finally {
            Hooks.resetOnErrorDropped();
        }
    }

    @Test
    void aWaitWhoseClientHasGoneIsTakenBack() {
        CompletableFuture<String> answer = new CompletableFuture<>();
        SessionApi.cancellable(() -> answer).subscribe().dispose();
        assertThat(answer).isCancelled();
    }

    @Test
    void aPositionThatIsNoneIsRefused() {
        LocalSession session = connect();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/sessions/"
                        + session.id() + "/stream?token=" + FakeGateway.token(session.id())))
                .header("Last-Event-ID", "nonsense")
                .build();
        HttpResponse<String> response = client.sendAsync(request, HttpResponse.BodyHandlers.ofString())
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("bad-position");
    }
}
