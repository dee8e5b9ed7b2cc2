package dev.convene.gateway.config;

import dev.convene.gateway.core.log.Logs;
import dev.convene.runtime.host.log.TopicDefinition;
import dev.convene.runtime.host.log.Topics;
import org.springframework.util.unit.DataSize;

/** Whether the limits for messages fit what carries them: a message that is announced as allowed must not fail on its way. */
final class MessageSizes {
    /** What a record has beside the body: headers with up to 100 targets, causes, the batch round it. */
    private static final int RECORD_OVERHEAD = 128 << 10;
    /** What a frame has beside the body. */
    private static final int FRAME_OVERHEAD = 64 << 10;

    private static final String MESSAGE_SETTING = "convene.gateway.limits.message-bytes-max";
    private static final String FRAME_SETTING = "convene.gateway.limits.frame-bytes-max";

    /** A frame is one array of bytes. */
    private static final long FRAME_LARGEST = 1L << 30;

    private MessageSizes() {}

    /**
     * The largest record that the gateway appends: what the group log takes, as its topic is defined and checked.
     *
     * @throws IllegalArgumentException if a message of the largest size would not fit into a record or a frame, with what to set
     */
    static int recordBytesMax(DataSize frameBytesMax, DataSize messageBytesMax) {
        String topic = Topics.ofLog(Logs.GROUPS);
        int recordMax = TopicDefinition.all().stream()
                .filter(definition -> definition.name().equals(topic))
                .map(definition -> definition.settings().getOrDefault("max.message.bytes", "1048588"))
                .mapToInt(Integer::parseInt)
                .findFirst()
                .orElseThrow();
        long body = messageBytesMax.toBytes();
        if (body < 1 || body > recordMax - RECORD_OVERHEAD) {
            throw refusal(
                    MESSAGE_SETTING,
                    body,
                    "set it to 1 to " + (recordMax - RECORD_OVERHEAD) + ", since the topic " + topic
                            + " takes records of max.message.bytes=" + recordMax + " with their headers");
        }
        // In JSON a body of bytes is base64.
        long frame = (body + 2L) / 3 * 4 + FRAME_OVERHEAD;
        long frameMax = frameBytesMax.toBytes();
        if (frameMax < frame || frameMax > FRAME_LARGEST) {
            throw refusal(
                    FRAME_SETTING,
                    frameMax,
                    "set it to " + frame + " at least and " + FRAME_LARGEST + " at most, or " + MESSAGE_SETTING
                            + " lower: a message of the largest size does not fit into a frame");
        }
        return recordMax;
    }

    private static IllegalArgumentException refusal(String setting, long value, String what) {
        return new IllegalArgumentException(setting + "=" + value + ": " + what);
    }
}
