package dev.convene.runtime.host.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Properties;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class TopicDefinitionTests {

    @Test
    void definesEveryTopicOnceAndNeverARetentionForALog() {
        assertThat(TopicDefinition.all())
                .extracting(TopicDefinition::name)
                .contains(Topics.ANSWERS, Topics.BEATS, Topics.MANIFESTS, "convene.sessions", "convene.groups")
                .contains(Topics.ofSnapshots("sessions"), Topics.ofSnapshots("groups"));
        assertThat(TopicDefinition.all())
                .filteredOn(d -> d.name().equals("convene.sessions") || d.name().equals("convene.groups"))
                .allSatisfy(d -> assertThat(d.settings())
                        .containsEntry("retention.ms", "-1")
                        .containsEntry("retention.bytes", "-1"));
        assertThat(partitions("convene.snapshots.groups")).isEqualTo(partitions("convene.groups"));
        assertThat(partitions("convene.sessions")).isEqualTo(1);
    }

    @Test
    void saysWhatIsWrongInADefinition() {
        Properties properties = new Properties();
        properties.setProperty("t", "2, retention.ms");

        assertThatThrownBy(() -> TopicDefinition.parse(properties))
                .hasMessage("t: 'retention.ms' is not setting=value");
    }

    @Test
    void givesShortEpochsThatDifferByTopicAndCounter() {
        Uuid id = Uuid.fromString("hT3kQ9-_SIq4ArsyDLxnHA");

        assertThat(LogEpoch.of(id, 0).text()).isEqualTo("hT3kQ90");
        assertThat(LogEpoch.of(id, 36).text()).isEqualTo("hT3kQ910");
        assertThatThrownBy(() -> new LogEpoch("a:b")).hasMessageContaining("not a log epoch");
    }

    private static int partitions(String topic) {
        return TopicDefinition.all().stream()
                .filter(d -> d.name().equals(topic))
                .findFirst()
                .orElseThrow()
                .partitions();
    }
}
