package dev.convene.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** A value that cannot be is refused where it is bound, which Spring tells in some lines. */
class GatewaySettingsTests {
    private static GatewaySettings bind(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings)).bindOrCreate("convene", GatewaySettings.class);
    }

    @Test
    void everythingHasADefault() {
        GatewaySettings settings = bind(Map.of());
        assertThat(settings.gateway().appendsMax()).isEqualTo(16_384);
        assertThat(settings.kafka().toTopics().minInsyncReplicas()).isEqualTo(1);
        assertThat(settings.gateway().limits().toLimits().sessionsMax()).isEqualTo(20_000);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "convene.gateway.appends-max | -5 | at least 1",
                "convene.gateway.resumes-under-way | 0 | at least 1",
                "convene.gateway.ring-bytes-max | -1 | at least 1B",
                "convene.gateway.request-timeout | -2s | from 1ms to",
                "convene.gateway.limits.sessions-max | 0 | at least 1",
                "convene.gateway.limits.message-bytes-max | -1 | set it to 1 to",
                "convene.gateway.limits.grace | 100d | from 1ms to",
                "convene.gateway.edge.accepts-per-second | 0 | at least 1",
                "convene.kafka.min-insync-replicas | 2 | it must be 1",
                "convene.instance | a b#c | letters, digits"
            })
    void aValueThatCannotBeIsRefusedWithSettingAndRule(String setting, String value, String rule) {
        Map<String, String> settings = Map.of(setting, value);
        assertThatThrownBy(() -> {
                    bind(settings);
                    new Binder(new MapConfigurationPropertySource(settings))
                            .bindOrCreate("convene.gateway.edge", EdgeSettings.class);
                })
                .isInstanceOf(BindException.class)
                .rootCause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(setting)
                .hasMessageContaining(value.startsWith("-2s") ? "PT-2S" : value.equals("100d") ? "PT2400H" : value)
                .hasMessageContaining(rule);
    }
}
