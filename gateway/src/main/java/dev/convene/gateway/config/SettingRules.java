package dev.convene.gateway.config;

import java.time.Duration;
import org.springframework.util.unit.DataSize;

/** Rules for the values of settings: whoever breaks one is told the setting, its value and the rule. */
final class SettingRules {
    private SettingRules() {}

    static void positive(String setting, long value) {
        require(value >= 1, setting, value, "at least 1");
    }

    static void positive(String setting, DataSize value) {
        require(value.toBytes() >= 1, setting, value, "at least 1B");
    }

    /** A time that is told in milliseconds, as an {@code int}. */
    static void positive(String setting, Duration value) {
        require(
                value.compareTo(Duration.ofMillis(1)) >= 0
                        && value.compareTo(Duration.ofMillis(Integer.MAX_VALUE)) <= 0,
                setting,
                value,
                "from 1ms to " + Integer.MAX_VALUE + "ms");
    }

    static void require(boolean kept, String setting, Object value, String rule) {
        if (!kept) {
            throw new IllegalArgumentException(setting + "=" + value + ": it has to be " + rule);
        }
    }
}
