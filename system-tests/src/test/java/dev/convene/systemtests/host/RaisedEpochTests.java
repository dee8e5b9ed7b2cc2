package dev.convene.systemtests.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.gateway.GatewayApplication;
import dev.convene.groupservice.GroupServiceApplication;
import dev.convene.groupservice.adapter.http.ApiServer;
import dev.convene.protocol.At;
import dev.convene.protocol.ServiceLevel;
import dev.convene.standalone.broker.BrokerOptions;
import dev.convene.standalone.broker.EmbeddedBroker;
import dev.convene.systemtests.Services;
import dev.convene.testkit.Contract;
import dev.convene.testkit.client.Positions;
import dev.convene.testkit.client.Surface;
import dev.convene.testkit.client.TestSession;
import dev.convene.testkit.client.TestSessions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/** After an operator has raised the epoch of the group log nothing is recovered from positions of before. */
@Timeout(180)
class RaisedEpochTests {
    private final HttpClient http = HttpClient.newHttpClient();
    private EmbeddedBroker broker;
    private ConfigurableApplicationContext groupService;
    private ConfigurableApplicationContext gateway;

    @BeforeEach
    void start(@TempDir Path directory) {
        broker = EmbeddedBroker.start(BrokerOptions.in(directory));
        startServices();
    }

    @AfterEach
    void stop() {
        stopServices();
        http.close();
        broker.close();
    }

    private void startServices() {
        groupService = Services.start(
                GroupServiceApplication.class,
                "group-service",
                broker.bootstrapServers(),
                "--convene.instance=gs",
                "--convene.group-service.port=0",
                "--convene.group-service.gateway-grace=60s");
        gateway =
                Services.start(GatewayApplication.class, "gateway", broker.bootstrapServers(), "--convene.instance=gw");
        Services.awaitReady(gateway);
    }

    private void stopServices() {
        gateway.close();
        groupService.close();
    }

    @Contract("G60")
    @Test
    void aSessionIsToldThatItsPositionIsNotRecovered() throws Exception {
        try (TestSessions sessions = new TestSessions()) {
            TestSession session = sessions.connect(Surface.WS_JSON, Services.address(gateway), (String) null);
            session.join("room");
            session.multicast(ServiceLevel.AGREED, "before", "room");
            List<At> at = Positions.newest(session.drain());
            assertThat(shards())
                    .contains("groups/0", "sessions/0", at.getFirst().epoch());
            assertThat(post("epoch", "{\"log\":\"other\"}")).startsWith("400").contains("there is no log other");
            assertThat(post("epoch", "{\"log\":\"groups\",\"dry\":true}"))
                    .startsWith("200 Would raise the epoch of groups");

            assertThat(post("epoch", "{\"log\":\"groups\"}")).startsWith("200 Raised the epoch of groups");
            stopServices();
            startServices();

            TestSessions.Resumption resumption =
                    sessions.resume(Surface.WS_JSON, Services.address(gateway), session.connected(), at);
            assertThat(resumption.answer().recovered()).isFalse();
            assertThat(shards()).doesNotContain(at.getFirst().epoch());
            resumption.session().multicast(ServiceLevel.AGREED, "after", "room");
            assertThat(resumption.session().drain()).isNotEmpty();
        }
    }

    private String shards() throws Exception {
        return http.send(
                        request("/v1/shards").header("Accept", "text/plain").build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private String post(String operation, String body) throws Exception {
        HttpResponse<String> response = http.send(
                request("/v1/ops/" + operation)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        return response.statusCode() + " " + response.body();
    }

    private HttpRequest.Builder request(String path) {
        int port = groupService.getBean(ApiServer.class).port();
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }
}
