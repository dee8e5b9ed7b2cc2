package dev.convene.runtime.host.log;

import org.apache.kafka.common.Uuid;

/**
 * Tells a log from any other that had or will have its name, and from itself before a restore: a position is worth nothing
 * under another epoch. Short, of letters, digits, {@code -} and {@code _}: the first characters of the topic's id and a
 * counter that an operator raises after a restore.
 *
 * @param text the form in positions, such as {@code hT3kQ90}
 */
public record LogEpoch(String text) {
    private static final int ID_CHARACTERS = 6;

    /** @throws IllegalArgumentException if the text is not one of an epoch */
    public LogEpoch {
        if (!text.matches("[A-Za-z0-9_-]{1,20}")) {
            throw new IllegalArgumentException("not a log epoch: " + text);
        }
    }

    /**
     * @param topicId the id that Kafka gave the topic
     * @param counter raised by an operator, from 0
     */
    public static LogEpoch of(Uuid topicId, long counter) {
        if (counter < 0) {
            throw new IllegalArgumentException("a counter is not negative: " + counter);
        }
        return new LogEpoch(topicId.toString().substring(0, ID_CHARACTERS) + Long.toString(counter, 36));
    }

    @Override
    public String toString() {
        return text;
    }
}
