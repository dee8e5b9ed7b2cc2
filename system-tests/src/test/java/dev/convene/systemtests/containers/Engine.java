package dev.convene.systemtests.containers;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.github.dockerjava.api.DockerClient;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.images.RemoteDockerImage;

/** The Docker engine of this machine. Without one, or without the image, every test fails and says what to do. */
final class Engine {
    private static final int PULL_MINUTES = 4;

    private static @Nullable DockerClient client;
    private static @Nullable String missing;

    private Engine() {}

    /**
     * The engine, with the image of the brokers.
     *
     * @throws AssertionError that says what is missing and how to get it
     */
    static synchronized DockerClient required() {
        if (client == null && missing == null) {
            look();
        }
        DockerClient found = client;
        if (found == null) {
            throw new AssertionError(missing);
        }
        return found;
    }

    private static void look() {
        // Nothing else sets them here: Testcontainers' client would log every byte, Kafka's its settings.
        level(Logger.ROOT_LOGGER_NAME, Level.INFO);
        level("org.apache.kafka", Level.WARN);
        DockerClient found;
        try {
            found = DockerClientFactory.instance().client();
        } catch (RuntimeException e) {
            missing = "These tests need a Docker engine, and none can be used here (" + e.getMessage() + ")."
                    + "\n  Install and start one, for instance: apt install docker.io && service docker start,"
                    + "\n  or set DOCKER_HOST to where one listens; `docker info` must answer."
                    + "\n  If it answers and only testcontainers/ryuk cannot be pulled, set"
                    + " TESTCONTAINERS_RYUK_DISABLED=true.";
            return;
        }
        try {
            new RemoteDockerImage(Images.KAFKA).get(PULL_MINUTES, TimeUnit.MINUTES);
            client = found;
        } catch (Exception e) {
            missing = "The Docker engine answers, but the image " + Images.KAFKA
                    + " is neither there nor could it be pulled (" + e.getMessage() + ")."
                    + "\n  `docker pull " + Images.KAFKA + "` says more; an image of that name that was loaded or built"
                    + " on this machine will do.";
        }
    }

    private static void level(String logger, Level level) {
        ((Logger) LoggerFactory.getLogger(logger)).setLevel(level);
    }
}
