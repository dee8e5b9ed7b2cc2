package dev.convene.systemtests.containers;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import java.time.Duration;
import java.util.function.Consumer;

/** What the containers of both kinds of broker have in common. */
final class Containers {
    /** Where a broker listens for clients from outside, within its container. */
    static final int KAFKA_PORT = 9092;

    /** In both images this is kept while the container is; a volume in the published one. */
    static final String DATA = "/var/lib/kafka/data";

    static final String HEAP = "-Xms256m -Xmx256m";

    /** How long a start may take where other things run too. */
    static final Duration START_PATIENCE = Duration.ofMinutes(2);

    private Containers() {}

    /** Publishes the broker at a port that stays the same when the container is started again or cut off. */
    static Consumer<CreateContainerCmd> publishedAt(int port) {
        return create -> {
            HostConfig host = create.getHostConfig();
            (host == null ? HostConfig.newHostConfig() : host)
                    .withPortBindings(PortBinding.parse("127.0.0.1:" + port + ":" + KAFKA_PORT));
        };
    }
}
