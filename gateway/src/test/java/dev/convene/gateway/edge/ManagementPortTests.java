package dev.convene.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;

/** A management port of its own serves management alone: no check of the clients' port is made there. */
@Timeout(60)
@ExtendWith(LeakDetection.class)
@SpringBootTest(
        classes = EdgeServer.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = "management.server.port=0")
class ManagementPortTests {
    @LocalServerPort
    private int port;

    @LocalManagementPort
    private int managementPort;

    @Autowired
    private FakeGateway gateway;

    private int status(int at, String method, String path) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + at + path))
                    .timeout(Duration.ofSeconds(20))
                    .header("Content-Type", "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofString(method.equals("POST") ? "{}" : ""))
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        }
    }

    @ParameterizedTest
    @CsvSource({"POST,/v1/sessions", "GET,/v1/limits", "GET,/v1/groups", "GET,/actuatorx", "GET,/"})
    void clientsAreNotServedThere(String method, String path) throws Exception {
        gateway.asked.clear();
        assertThat(status(managementPort, method, path)).isEqualTo(404);
        assertThat(gateway.asked).isEmpty();
    }

    @Test
    void managementIsServedThereAndClientsWhereTheyBelong() throws Exception {
        assertThat(status(managementPort, "GET", "/actuator/health")).isIn(200, 503);
        assertThat(status(port, "GET", "/v1/limits")).isEqualTo(200);
    }
}
