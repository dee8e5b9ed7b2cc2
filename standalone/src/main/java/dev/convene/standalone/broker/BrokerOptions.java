package dev.convene.standalone.broker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * What may be chosen about an {@link EmbeddedBroker}.
 *
 * @param dataDirectory where everything durable lives; created if need be; one broker at a time
 * @param port port for clients on the loopback interface, 0 to 65535; 0 takes any free one, another one at each start
 * @param segmentSizeBytes size of a log segment, 1 MiB to 1 GiB. After a kill the last segment of every partition is
 *     read again, so larger segments make that start slower; smaller ones cost file handles and memory maps
 * @param startTimeout how long a start may take before it is given up
 * @param stopTimeout how long {@link EmbeddedBroker#close()} waits; what is not finished then is recovered by the next
 *     start
 * @param overrides broker settings by their Kafka names, applied last; for instance
 *     {@code log.flush.interval.messages=1} to have every record on the disk before it is acknowledged
 */
public record BrokerOptions(
        Path dataDirectory,
        int port,
        int segmentSizeBytes,
        Duration startTimeout,
        Duration stopTimeout,
        Map<String, String> overrides) {

    /** Any free port. */
    public static final int PORT_EPHEMERAL = 0;

    /** Default of {@link #segmentSizeBytes}: 64 MiB is read again in well under a second. */
    public static final int SEGMENT_SIZE_DEFAULT_BYTES = 64 << 20;

    /** Default of {@link #startTimeout}: leaves room for the recovery of a large log on a slow disk. */
    public static final Duration START_TIMEOUT_DEFAULT = Duration.ofMinutes(2);

    /** Default of {@link #stopTimeout}. */
    public static final Duration STOP_TIMEOUT_DEFAULT = Duration.ofSeconds(4);

    private static final int PORT_MAX = 65_535;
    private static final int SEGMENT_SIZE_MIN_BYTES = 1 << 20;
    private static final int SEGMENT_SIZE_MAX_BYTES = 1 << 30;

    /** @throws IllegalArgumentException if a value is out of its bounds */
    public BrokerOptions {
        if (port < 0 || port > PORT_MAX) {
            throw new IllegalArgumentException("port must be 0 to " + PORT_MAX + ", not " + port);
        }
        if (segmentSizeBytes < SEGMENT_SIZE_MIN_BYTES || segmentSizeBytes > SEGMENT_SIZE_MAX_BYTES) {
            throw new IllegalArgumentException("segmentSizeBytes must be " + SEGMENT_SIZE_MIN_BYTES + " to "
                    + SEGMENT_SIZE_MAX_BYTES + ", not " + segmentSizeBytes);
        }
        requirePositive(startTimeout, "startTimeout");
        requirePositive(stopTimeout, "stopTimeout");
        dataDirectory = dataDirectory.toAbsolutePath().normalize();
        overrides = Map.copyOf(overrides);
    }

    private static void requirePositive(Duration value, String name) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(name + " must be positive, not " + value);
        }
    }

    /** Defaults for everything but the directory: any free port. */
    public static BrokerOptions in(Path dataDirectory) {
        return new BrokerOptions(
                dataDirectory,
                PORT_EPHEMERAL,
                SEGMENT_SIZE_DEFAULT_BYTES,
                START_TIMEOUT_DEFAULT,
                STOP_TIMEOUT_DEFAULT,
                Map.of());
    }

    /** The same with another port. */
    public BrokerOptions withPort(int newPort) {
        return new BrokerOptions(dataDirectory, newPort, segmentSizeBytes, startTimeout, stopTimeout, overrides);
    }

    /** The same with other overrides. */
    public BrokerOptions withOverrides(Map<String, String> newOverrides) {
        return new BrokerOptions(dataDirectory, port, segmentSizeBytes, startTimeout, stopTimeout, newOverrides);
    }
}
