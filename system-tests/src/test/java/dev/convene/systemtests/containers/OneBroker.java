package dev.convene.systemtests.containers;

import com.github.dockerjava.api.DockerClient;
import dev.convene.systemtests.FreePorts;
import org.testcontainers.kafka.KafkaContainer;

/** One broker in a container that can be stopped and started again with its data, at the same port. */
final class OneBroker implements AutoCloseable {
    /** Then it is killed: the shell that Testcontainers starts it from passes no signals on. */
    private static final int STOP_SECONDS = 3;

    private final DockerClient engine;
    private final KafkaContainer container;

    OneBroker(KeptLogs logs) {
        engine = Engine.required();
        container = new KafkaContainer(Images.KAFKA)
                .withEnv("KAFKA_HEAP_OPTS", Containers.HEAP)
                .withEnv("KAFKA_LOG_DIRS", Containers.DATA)
                .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
                .withStartupTimeout(Containers.START_PATIENCE)
                .withCreateContainerCmdModifier(Containers.publishedAt(FreePorts.next()));
        container.start();
        logs.keep("broker", container::getLogs);
    }

    String bootstrapServers() {
        return container.getBootstrapServers();
    }

    void stop() {
        engine.stopContainerCmd(container.getContainerId())
                .withTimeout(STOP_SECONDS)
                .exec();
    }

    void startAgain() {
        engine.startContainerCmd(container.getContainerId()).exec();
    }

    @Override
    public void close() {
        container.stop();
    }
}
