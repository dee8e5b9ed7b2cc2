package dev.convene.systemtests.containers;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.utils.AppInfoParser;
import org.junit.jupiter.api.Test;

/** Needs no engine. */
class ImagesTests {

    @Test
    void theBrokersAreOfTheVersionOfTheClients() {
        assertThat(Images.KAFKA.getVersionPart()).isEqualTo(AppInfoParser.getVersion());
    }
}
