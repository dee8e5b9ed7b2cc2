package dev.convene.groupservice.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.groupservice.adapter.http.ManagementOnlyServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;

/** The settings of group-service.yaml: only the management server listens, two beside each other. */
class ManagementServerTests {
    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(ManagementOnlyServer.class)
    static class Process {}

    private static ConfigurableApplicationContext start(String... settings) {
        return new SpringApplicationBuilder(Process.class)
                .properties("spring.config.name=application,group-service")
                .run(settings);
    }

    private static int port(ConfigurableApplicationContext process) {
        return process.getEnvironment().getRequiredProperty("local.management.port", Integer.class);
    }

    @Test
    void onlyTheManagementServerListens() throws Exception {
        try (ConfigurableApplicationContext one =
                        start("--management.server.port=0", "--management.endpoint.health.group.readiness.include=*");
                ConfigurableApplicationContext two =
                        start("--management.server.port=0", "--management.endpoint.health.group.readiness.include=*")) {
            assertThat(one.getEnvironment().getProperty("local.server.port")).isEqualTo("-1");
            assertThat(port(one)).isNotEqualTo(port(two));
            assertThat(status(one, "/actuator/health/liveness")).isEqualTo(200);
            assertThat(status(two, "/actuator/health/liveness")).isEqualTo(200);
            assertThat(status(one, "/v3/api-docs")).isEqualTo(404);
        }
    }

    private static int status(ConfigurableApplicationContext process, String path) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port(process) + path))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }
}
