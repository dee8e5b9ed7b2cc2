package dev.convene.systemtests.groups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Excerpt;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.protocol.frame.SessionOperation;
import dev.convene.protocol.value.Encoding;
import dev.convene.testkit.client.HostileFrames;
import dev.convene.testkit.client.Surface;
import dev.convene.testkit.client.TestSession;
import dev.convene.testkit.client.TestSessions;
import dev.convene.testkit.client.WebSocketSession;
import java.lang.management.ManagementFactory;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Random frames and bodies against the running system: others go on, and afterwards everything is as it was. */
@Timeout(180)
class HostileTrafficTests extends GroupsContract {
    private static final int CONNECTIONS = 100;
    private static final int FRAMES_EACH = 8;
    private static final int BODIES = 400;
    private static final long GRACE_MS = 200;
    private static final long HEAP_MORE_MAX = 64L << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern CONNECTED = Pattern.compile("\"session\":\"([^\"]+)\",\"token\":\"([^\"]+)\"");

    @Test
    void afterRandomFramesAndBodiesEverythingIsAsBefore() {
        String group = unused("calm");
        TestSession friend = connect(Surface.WS_JSON);
        friend.join(group);
        Pushes.view(friend);
        int sessionsBefore = system.sessions();
        double connectionsBefore = system.connections();
        long heapBefore = heap();
        HostileFrames.test(frames -> {
            for (int i = 0; i < CONNECTIONS; i++) {
                overASocket(frames, i % 2 == 0 ? Surface.WS_JSON : Surface.WS_CBOR);
            }
            overHttp(frames);
            friend.multicast(ServiceLevel.AGREED, "we go on", group);
            assertThat(Pushes.texts(friend.drain())).containsExactly("we go on");
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(system.sessions()).isLessThanOrEqualTo(sessionsBefore);
                assertThat(system.connections()).isLessThanOrEqualTo(connectionsBefore);
                assertThat(heap()).isLessThan(heapBefore + HEAP_MORE_MAX);
            });
        });
    }

    private void overASocket(HostileFrames frames, Surface surface) {
        WebSocketSession socket = (WebSocketSession)
                sessions.connect(surface, system.gatewayA(), new SessionOperation.Connect(null, true, GRACE_MS));
        for (int i = 0; i < FRAMES_EACH; i++) {
            socket.sendRaw(frames.next(TestSessions.encodingOf(surface)));
        }
        // What was sent before has been read when this is answered; else the connection is over.
        socket.send(new SessionOperation.Ping())
                .orTimeout(TestSession.PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .handle((answer, closed) -> answer)
                .join();
        socket.abort();
    }

    private void overHttp(HostileFrames frames) {
        HttpResponse<String> mine = post("/v1/sessions", "", "{}".getBytes(StandardCharsets.UTF_8));
        List<Matcher> all = new ArrayList<>(List.of(connected(mine)));
        for (int i = 0; i < BODIES; i++) {
            Matcher session = all.getLast();
            HostileFrames.HostileBody body = frames.nextBody(Encoding.JSON);
            boolean connects = body.operation().equals(SessionOperation.Connect.NAME);
            // A long poll that waits would only take long.
            if (body.operation().equals(SessionOperation.Receive.NAME)) {
                continue;
            }
            String path = connects ? "/v1/sessions" : "/v1/sessions/" + session.group(1) + "/" + body.operation();
            HttpResponse<String> answer = post(path, session.group(2), body.bytes());
            // Whoever asks somebody who does not answer, perhaps itself, is told so.
            boolean isLate = body.operation().equals(GroupOperation.Request.NAME)
                    && answer.body().contains(ErrorCode.TIMED_OUT.wireName());
            assertThat(answer.statusCode())
                    .as(
                            "%s %s: %s",
                            body.operation(),
                            Excerpt.of(new String(body.bytes(), StandardCharsets.ISO_8859_1), 2000),
                            answer.body())
                    .isBetween(200, isLate ? 504 : 499);
            if (connects && answer.statusCode() == 200) {
                all.add(connected(answer));
            }
        }
        all.forEach(this::end);
    }

    private static Matcher connected(HttpResponse<String> answer) {
        Matcher matcher = CONNECTED.matcher(answer.body());
        assertThat(matcher.find()).as(answer.body()).isTrue();
        return matcher;
    }

    private HttpResponse<String> post(String path, String token, byte[] body) {
        return exchange(request(path, token)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    private void end(Matcher session) {
        exchange(request("/v1/sessions/" + session.group(1), session.group(2)).DELETE());
    }

    private HttpRequest.Builder request(String path, String token) {
        HttpRequest.Builder request = HttpRequest.newBuilder(system.gatewayA().resolve(path))
                .timeout(TestSession.PATIENCE)
                .header("Accept", "application/json");
        return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
    }

    private HttpResponse<String> exchange(HttpRequest.Builder request) {
        return TestSessions.await(sessions.http().sendAsync(request.build(), HttpResponse.BodyHandlers.ofString()));
    }

    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
