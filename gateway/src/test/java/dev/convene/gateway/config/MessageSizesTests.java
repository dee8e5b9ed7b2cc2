package dev.convene.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class MessageSizesTests {
    private static final int TOPIC_MAX = 4 << 20;

    private static int recordBytesMax(int frameBytesMax, int messageBytesMax) {
        return MessageSizes.recordBytesMax(DataSize.ofBytes(frameBytesMax), DataSize.ofBytes(messageBytesMax));
    }

    @Test
    void theDefaultsAndSmallerOnesFit() {
        assertThat(recordBytesMax(2 << 20, 1 << 20)).isEqualTo(TOPIC_MAX);
        assertThat(recordBytesMax(1 << 20, 2048)).isEqualTo(TOPIC_MAX);
        assertThat(recordBytesMax(8 << 20, 3 << 20)).isEqualTo(TOPIC_MAX);
    }

    @Test
    void whatTheTopicDoesNotTakeIsRefusedWithWhatToSet() {
        assertThatThrownBy(() -> recordBytesMax(16 << 20, 8 << 20))
                .hasMessageContaining("convene.gateway.limits.message-bytes-max=8388608")
                .hasMessageContaining("set it to 1 to ")
                .hasMessageContaining("max.message.bytes=4194304");
        assertThatThrownBy(() -> recordBytesMax(2 << 20, 0)).hasMessageContaining("message-bytes-max=0");
    }

    @Test
    void whatDoesNotFitIntoAFrameIsRefusedWithWhatToSet() {
        assertThatThrownBy(() -> recordBytesMax(2 << 20, 2 << 20))
                .hasMessageContaining("convene.gateway.limits.frame-bytes-max=2097152")
                .hasMessageContaining("set it to 2861740 at least");
    }
}
