package dev.convene.standalone.broker;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.util.Map;
import org.slf4j.LoggerFactory;

/** Keeps the broker and its clients from filling the log of a program in which they are only a part. */
final class KafkaLoggers {

    private static final Map<String, Level> LEVELS = Map.of(
            "kafka",
            Level.WARN,
            "org.apache.kafka",
            Level.WARN,
            "state.change.logger",
            Level.WARN,
            // These two warn at every start and at every stop of a single node.
            "org.apache.kafka.controller.QuorumController",
            Level.ERROR,
            "org.apache.kafka.clients.NetworkClient",
            Level.ERROR);

    private KafkaLoggers() {}

    /** Sets Kafka's loggers to WARN or ERROR; those that the user has set in any way stay as they are. */
    static void quieten() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            LEVELS.forEach((name, level) -> {
                Logger logger = context.getLogger(name);
                if (logger.getLevel() == null) {
                    logger.setLevel(level);
                }
            });
        }
    }
}
