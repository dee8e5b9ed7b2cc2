package dev.convene.groupservice.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ClassPathResource;
import org.springframework.util.unit.DataSize;

class GroupServicePropertiesTests {

    private static GroupServiceProperties bind(Map<String, Object> settings) throws IOException {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("test", settings));
        new YamlPropertySourceLoader()
                .load("group-service", new ClassPathResource("group-service.yaml"))
                .forEach(environment.getPropertySources()::addLast);
        return Binder.get(environment).bindOrCreate("convene", GroupServiceProperties.class);
    }

    @Test
    void everythingHasADefault() throws IOException {
        GroupServiceProperties properties = bind(Map.of("convene.instance", "one"));

        assertThat(properties.kafka().bootstrapServers()).isEqualTo("localhost:9092");
        assertThat(properties.groupService().address()).isEqualTo("127.0.0.1");
        assertThat(properties.groupService().gatewaySilence()).isEqualTo(Duration.ofSeconds(2));
        assertThat(properties.groupService().history())
                .isEqualTo(new GroupServiceProperties.History(Duration.ofHours(1), DataSize.ofGigabytes(4)));
        assertThat(properties.groupService().snapshots())
                .isEqualTo(new GroupServiceProperties.Snapshots(
                        100_000, DataSize.ofMegabytes(64), Duration.ofMinutes(10)));
        assertThat(properties.audit().enabled()).isFalse();
    }

    @Test
    void settingsAreBoundUnderConvene() throws IOException {
        GroupServiceProperties properties = bind(Map.of(
                "convene.instance", "pod-1",
                "convene.kafka.bootstrap-servers", "kafka:9092",
                "convene.kafka.properties[security.protocol]", "SSL",
                "convene.group-service.port", "9000"));

        assertThat(properties.instance()).isEqualTo("pod-1");
        assertThat(properties.kafka().bootstrapServers()).isEqualTo("kafka:9092");
        assertThat(properties.kafka().properties()).isEqualTo(Map.of("security.protocol", "SSL"));
        assertThat(properties.groupService().port()).isEqualTo(9000);
    }

    @Test
    void aSilenceShorterThanABeatOrTwoIsRefused() {
        assertThatThrownBy(() -> bind(Map.of("convene.group-service.gateway-silence", "500ms")))
                .hasRootCauseMessage("convene.group-service.gateway-silence is at least PT1.5S");
    }

    @Test
    void aHistoryOrSnapshotsThatCannotBeAreRefused() {
        assertThatThrownBy(() -> bind(Map.of("convene.group-service.history.time", "-1s")))
                .hasRootCauseMessage("convene.group-service.history.time is at least 0");
        assertThatThrownBy(() -> bind(Map.of("convene.group-service.snapshots.records-max", "0")))
                .hasRootCauseMessage("convene.group-service.snapshots.records-max is at least 1");
        assertThatThrownBy(() -> bind(Map.of("convene.group-service.snapshots.interval", "10ms")))
                .hasRootCauseMessage("convene.group-service.snapshots.interval is at least PT1S");
    }

    @Test
    void aNameAndCopiesThatCannotBeAreRefused() {
        assertThatThrownBy(() -> bind(Map.of("convene.instance", "a b#c")))
                .hasRootCauseMessage("convene.instance=a b#c: it has to be 1 to 50 letters, digits, '.', '-' and '_'");
        assertThatThrownBy(() -> bind(Map.of("convene.kafka.min-insync-replicas", "2")))
                .rootCause()
                .hasMessageContaining("convene.kafka.min-insync-replicas is 2")
                .hasMessageContaining("it must be 1");
    }
}
