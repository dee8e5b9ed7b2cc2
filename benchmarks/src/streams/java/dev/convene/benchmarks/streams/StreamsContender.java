package dev.convene.benchmarks.streams;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/** A processor with a store in memory and its changelog, exactly once; answers are read committed. */
final class StreamsContender implements Contender {
    private static final String COMMANDS = "streams.commands";
    private static final String ANSWERS = "streams.answers";
    private static final String STORE = "totals";
    private static final int START_S = 60;

    private final KafkaStreams streams;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final int commitMs;
    private volatile boolean closed;
    private volatile LongConsumer answered = number -> {};

    StreamsContender(String bootstrapServers, int commitMs) throws Exception {
        this.commitMs = commitMs;
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            admin.createTopics(List.of(
                            new NewTopic(COMMANDS + commitMs, 1, (short) 1),
                            new NewTopic(ANSWERS + commitMs, 1, (short) 1)))
                    .all()
                    .get();
        }
        Topology topology = new Topology()
                .addSource("in", COMMANDS + commitMs)
                .addProcessor("add", Adding::new, "in")
                .addStateStore(
                        Stores.keyValueStoreBuilder(
                                        Stores.inMemoryKeyValueStore(STORE), Serdes.Integer(), Serdes.Long())
                                .withLoggingEnabled(Map.of()),
                        "add")
                .addSink("out", ANSWERS + commitMs, "add");
        streams = new KafkaStreams(topology, settings(bootstrapServers, commitMs));
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "acks", "all", "linger.ms", 0, "batch.size", 128 << 10),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers, "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    private static Properties settings(String bootstrapServers, int commitMs) throws IOException {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "streams-benchmark-" + commitMs);
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, commitMs);
        // It commits between polls, and a poll waits for so long when nothing comes.
        settings.put(StreamsConfig.POLL_MS_CONFIG, Math.min(100, commitMs));
        settings.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, 1);
        settings.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class);
        settings.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class);
        settings.put(
                StreamsConfig.STATE_DIR_CONFIG,
                Files.createTempDirectory("streams").toString());
        settings.put(StreamsConfig.producerPrefix("linger.ms"), 0);
        return settings;
    }

    private static final class Adding implements Processor<byte[], byte[], byte[], byte[]> {
        private @Nullable ProcessorContext<byte[], byte[]> context;
        private @Nullable KeyValueStore<Integer, Long> totals;

        @Override
        public void init(ProcessorContext<byte[], byte[]> surroundings) {
            context = surroundings;
            totals = surroundings.getStateStore(STORE);
        }

        @Override
        public void process(Record<byte[], byte[]> command) {
            ByteBuffer in = ByteBuffer.wrap(command.value());
            long number = in.getLong();
            int counter = in.getInt();
            KeyValueStore<Integer, Long> store = Objects.requireNonNull(totals);
            Long before = store.get(counter);
            long total = before == null ? 1 : before + 1;
            store.put(counter, total);
            Objects.requireNonNull(context)
                    .forward(command.withValue(ByteBuffer.allocate(16)
                            .putLong(number)
                            .putLong(total)
                            .array()));
        }
    }

    @Override
    public String name() {
        return "streams, commit every " + commitMs + " ms";
    }

    @Override
    public void begin(LongConsumer listener) throws InterruptedException {
        answered = listener;
        TopicPartition partition = new TopicPartition(ANSWERS + commitMs, 0);
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        Thread.ofPlatform().daemon().name("streams-answers").start(() -> {
            while (!closed) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    answered.accept(ByteBuffer.wrap(record.value()).getLong());
                }
            }
            consumer.close();
        });
        CountDownLatch running = new CountDownLatch(1);
        streams.setStateListener((now, before) -> {
            if (now == KafkaStreams.State.RUNNING) {
                running.countDown();
            }
        });
        streams.start();
        if (!running.await(START_S, TimeUnit.SECONDS)) {
            throw new IllegalStateException("streams are " + streams.state());
        }
    }

    @Override
    public void send(long number) {
        byte[] command = ByteBuffer.allocate(12)
                .putLong(number)
                .putInt((int) (number % COUNTERS))
                .array();
        producer.send(new ProducerRecord<>(COMMANDS + commitMs, 0, null, command));
    }

    @Override
    public void close() {
        closed = true;
        streams.close(Duration.ofSeconds(10));
        producer.close();
    }
}
