package dev.convene.systemtests.groups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.Push;
import dev.convene.protocol.frame.SessionOperation;
import dev.convene.testkit.client.Positions;
import dev.convene.testkit.client.Surface;
import dev.convene.testkit.client.TestSession;
import dev.convene.testkit.client.TestSessions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A session that goes from a socket to single requests and back, on two gateways, without a word of positions. */
class TakeOverTests extends GroupsContract {
    /** Longer than a gateway gathers what clients confirm. */
    private static final Duration QUIET = Duration.ofMillis(1500);

    @Test
    void whoSaysNoPositionGoesOnAfterWhatItHasConfirmed() throws IOException, InterruptedException {
        String group = unused("over");
        TestSession other = connect(Surface.WS_JSON);
        TestSession me = sessions.connect(Surface.WS_JSON, system.gatewayA(), (String) null);
        me.join(group);
        other.multicast(ServiceLevel.AGREED, "one", group);
        me.call(new SessionOperation.Seen(Positions.newest(me.drain())));
        assertThatThrownBy(() -> me.next(QUIET)).isInstanceOf(AssertionError.class);
        me.abort();
        other.multicast(ServiceLevel.AGREED, "two", group);
        assertThat(receive(system.gatewayB(), me.connected(), "two")).doesNotContain("one");
        other.multicast(ServiceLevel.AGREED, "three", group);
        // Nobody has said that "two" has arrived.
        assertThat(receive(system.gatewayA(), me.connected(), "three"))
                .contains("two")
                .doesNotContain("one");

        TestSessions.Resumption resumption =
                sessions.resume(Surface.WS_JSON, system.gatewayB(), me.connected(), List.of());
        TestSession resumed = closing(resumption.session());
        assertThat(resumption.answer().recovered()).isTrue();
        assertThat(Pushes.texts(resumed.drain())).contains("three").doesNotContain("one");
    }

    /** The other gateway takes the session over for its message, which tells nothing of what the client has. */
    @Test
    void whoSendsElsewhereFirstAndThenSaysWhatItHasGetsNothingTwice() throws IOException, InterruptedException {
        String group = unused("sent-first");
        TestSession other = connect(Surface.WS_JSON);
        TestSession me = sessions.connect(Surface.SSE, system.gatewayA(), (String) null);
        me.join(group);
        other.multicast(ServiceLevel.AGREED, "one", group);
        List<Push> had = me.drain();
        assertThat(Pushes.texts(had)).contains("one");
        me.abort();
        multicast(system.gatewayB(), me.connected(), "two", group);
        TestSession elsewhere = closing(sessions.resumePolling(
                system.gatewayB(),
                me.connected(),
                Positions.newest(me.connected().at(), had)));
        assertThat(Pushes.texts(elsewhere.drain())).contains("two").doesNotContain("one");
    }

    private void multicast(URI gateway, Answer.Connected session, String text, String group)
            throws IOException, InterruptedException {
        String body = "{\"groups\":[\"%s\"],\"service\":\"agreed\",\"body\":\"%s\"}".formatted(group, text);
        HttpRequest request = HttpRequest.newBuilder(
                        gateway.resolve("/v1/sessions/" + session.session() + "/multicast"))
                .header("authorization", "Bearer " + session.token())
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> response = sessions.http().send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    }

    /** Everything that comes up to a text. */
    private String receive(URI gateway, Answer.Connected session, String last)
            throws IOException, InterruptedException {
        StringBuilder all = new StringBuilder();
        for (int requests = 0; requests < 10 && all.indexOf(last) < 0; requests++) {
            all.append(receive(gateway, session));
        }
        assertThat(all.toString()).contains(last);
        return all.toString();
    }

    private String receive(URI gateway, Answer.Connected session) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        gateway.resolve("/v1/sessions/" + session.session() + "/receive?wait=5000"))
                .header("authorization", "Bearer " + session.token())
                .header("accept", "application/json")
                .GET()
                .build();
        HttpResponse<String> response = sessions.http().send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        return response.body();
    }
}
