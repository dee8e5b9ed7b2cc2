package dev.convene.standalone.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerTests {

    private static final String TOPIC = "log";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    @Test
    void keepsWhatWasAcknowledgedWhenStoppedAndStartedAgain() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerOptions.in(directory))) {
            createTopic(broker.bootstrapServers());
            append(broker.bootstrapServers(), "first", "second");
            assertThat(readAll(broker.bootstrapServers())).containsExactly("first", "second");
        }

        try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerOptions.in(directory))) {
            assertThat(readAll(broker.bootstrapServers())).containsExactly("first", "second");
            append(broker.bootstrapServers(), "third");
            assertThat(readAll(broker.bootstrapServers())).containsExactly("first", "second", "third");
            assertThat(broker.fatalFault().toCompletableFuture()).isNotDone();
        }
    }

    @Test
    void keepsWhatWasAcknowledgedWhenItsProcessIsKilled() throws Exception {
        Path address = directory.resolve("address");
        Path dataDirectory = directory.resolve("data");
        Process process = BrokerProcess.command(dataDirectory, address)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile())
                .start();
        try {
            await().atMost(PATIENCE).until(() -> Files.exists(address) || !process.isAlive());
            assertThat(process.isAlive())
                    .as(() -> read(directory.resolve("output")))
                    .isTrue();
            createTopic(Files.readString(address));
            append(Files.readString(address), "first", "second");

            assertThatThrownBy(() -> EmbeddedBroker.start(BrokerOptions.in(dataDirectory)))
                    .isInstanceOf(BrokerStartException.class)
                    .hasMessageContaining("is in use by another broker (process " + process.pid() + ")");
        } finally {
            process.destroyForcibly().waitFor();
        }

        try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerOptions.in(dataDirectory))) {
            assertThat(readAll(broker.bootstrapServers())).containsExactly("first", "second");
        }
    }

    @Test
    void refusesADirectoryThatABrokerOfThisProcessHas() {
        try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerOptions.in(directory))) {
            assertThat(broker.port()).isPositive();
            assertThatThrownBy(() -> EmbeddedBroker.start(BrokerOptions.in(directory)))
                    .isInstanceOf(BrokerStartException.class)
                    .hasMessageContaining("The data directory " + directory + " is in use by another broker")
                    .hasMessageContaining("stop that one first or choose another directory");
        }
    }

    @Test
    void refusesADirectoryThatKafkaWouldTakeForSeveral() {
        assertThatThrownBy(() -> EmbeddedBroker.start(BrokerOptions.in(directory.resolve("a,b"))))
                .isInstanceOf(BrokerStartException.class)
                .hasMessageContaining("comma");
        assertThat(directory.resolve("a,b")).doesNotExist();
    }

    @Test
    void refusesAPortThatIsInUseAndLeavesTheDirectoryFree() throws Exception {
        try (ServerSocket other = new ServerSocket()) {
            other.bind(new InetSocketAddress("127.0.0.1", 0));
            BrokerOptions options = BrokerOptions.in(directory).withPort(other.getLocalPort());
            assertThatThrownBy(() -> EmbeddedBroker.start(options))
                    .isInstanceOf(BrokerStartException.class)
                    .hasMessageContaining("cannot listen on 127.0.0.1:" + other.getLocalPort())
                    .hasMessageContaining("choose another port");
        }

        try (DataDirectoryLock lock = DataDirectoryLock.acquire(directory)) {
            assertThat(lock).isNotNull();
        }
    }

    @Test
    void reportsSettingsThatTheBrokerDoesNotTake() {
        BrokerOptions options = BrokerOptions.in(directory).withOverrides(Map.of("num.io.threads", "0"));
        assertThatThrownBy(() -> EmbeddedBroker.start(options))
                .isInstanceOf(BrokerStartException.class)
                .hasMessageContaining("num.io.threads");

        try (DataDirectoryLock lock = DataDirectoryLock.acquire(directory)) {
            assertThat(lock).isNotNull();
        }
    }

    @Test
    void refusesOptionsOutOfBounds() {
        BrokerOptions options = BrokerOptions.in(directory);
        assertThatThrownBy(() -> options.withPort(65_536)).hasMessageContaining("port must be 0 to 65535, not 65536");
        assertThatThrownBy(() ->
                        new BrokerOptions(directory, 0, 1, options.startTimeout(), options.stopTimeout(), Map.of()))
                .hasMessageContaining("segmentSizeBytes must be 1048576 to 1073741824, not 1");
        assertThatThrownBy(
                        () -> new BrokerOptions(directory, 0, 1 << 20, options.startTimeout(), Duration.ZERO, Map.of()))
                .hasMessageContaining("stopTimeout must be positive");
    }

    private static void createTopic(String bootstrapServers) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
        }
    }

    private static void append(String bootstrapServers, String... values) throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "linger.ms", 0),
                new StringSerializer(),
                new StringSerializer())) {
            for (String value : values) {
                producer.send(new ProducerRecord<>(TOPIC, value)).get();
            }
        }
    }

    private static List<String> readAll(String bootstrapServers) {
        TopicPartition partition = new TopicPartition(TOPIC, 0);
        List<String> values = new ArrayList<>();
        try (var consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers, "auto.offset.reset", "none"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (consumer.position(partition) < end) {
                assertThat(System.nanoTime()).as("deadline for reading").isLessThan(deadline);
                consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
            }
        }
        return values;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
