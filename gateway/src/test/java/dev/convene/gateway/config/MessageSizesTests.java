package dev.convene.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class MessageSizesTests {
    private static final int TOPIC_MAX = 4 << 20;

    private static GatewaySettings.LimitSettings limits(int frameBytesMax, int messageBytesMax) {
        Duration any = Duration.ofSeconds(30);
        return new GatewaySettings.LimitSettings(
                DataSize.ofBytes(frameBytesMax),
                32,
                DataSize.ofBytes(messageBytesMax),
                16,
                1024,
                DataSize.ofMegabytes(16),
                20_000,
                any,
                any,
                any,
                any,
                1000,
                100_000);
    }

    @Test
    void theDefaultsAndSmallerOnesFit() {
        assertThat(MessageSizes.recordBytesMax(limits(2 << 20, 1 << 20))).isEqualTo(TOPIC_MAX);
        assertThat(MessageSizes.recordBytesMax(limits(1 << 20, 2048))).isEqualTo(TOPIC_MAX);
        assertThat(MessageSizes.recordBytesMax(limits(8 << 20, 3 << 20))).isEqualTo(TOPIC_MAX);
    }

    @Test
    void whatTheTopicDoesNotTakeIsRefusedWithWhatToSet() {
        assertThatThrownBy(() -> MessageSizes.recordBytesMax(limits(16 << 20, 8 << 20)))
                .hasMessageContaining("convene.gateway.limits.message-bytes-max=8388608")
                .hasMessageContaining("set it to 1 to ")
                .hasMessageContaining("max.message.bytes=4194304");
        assertThatThrownBy(() -> MessageSizes.recordBytesMax(limits(2 << 20, 0)))
                .hasMessageContaining("message-bytes-max=0");
    }

    @Test
    void whatDoesNotFitIntoAFrameIsRefusedWithWhatToSet() {
        assertThatThrownBy(() -> MessageSizes.recordBytesMax(limits(2 << 20, 2 << 20)))
                .hasMessageContaining("convene.gateway.limits.frame-bytes-max=2097152")
                .hasMessageContaining("set it to 2861740 at least");
    }
}
