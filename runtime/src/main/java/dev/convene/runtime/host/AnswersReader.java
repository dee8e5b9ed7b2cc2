package dev.convene.runtime.host;

import dev.convene.protocol.Position;
import dev.convene.protocol.log.MalformedRecordException;
import dev.convene.protocol.log.SourcePosition;
import dev.convene.runtime.host.effect.AnswerBatch;
import dev.convene.runtime.host.effect.Effect;
import dev.convene.runtime.host.log.LogReader;
import dev.convene.runtime.host.log.LogRecord;
import dev.convene.runtime.host.log.RecordHandler;
import dev.convene.runtime.host.log.Topics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tails the answers for a gateway: first all partitions, until the registration of its life has come, then that life's
 * partition alone. Drops what is not above the last effect of the same source, so two owners of a shard for a moment do no
 * harm.
 */
public final class AnswersReader {
    private static final Logger log = LoggerFactory.getLogger(AnswersReader.class);
    private static final long RETRY_MS = 300;

    private record Source(String log, int partition) {}

    private record Last(String epoch, Position id) {}

    private final Instance instance;
    private final LogReader reader;
    private final AnswersListener listener;
    // Used by the reader's thread only.
    private final Map<Source, Last> last = new HashMap<>();
    private boolean registered;
    private long incarnation;

    /** @param reader its thread calls the listener */
    public AnswersReader(Instance instance, LogReader reader, AnswersListener listener) {
        this.instance = instance;
        this.reader = reader;
        this.listener = listener;
    }

    /**
     * Begins a new life: forgets the one before and reads all partitions from their ends, until the registration comes.
     *
     * @return completes when the ends are fixed: a registration that is appended from then on is seen
     */
    public CompletableFuture<Void> awaitRegistration() {
        CompletableFuture<Void> watching = new CompletableFuture<>();
        List<TopicPartition> all = new ArrayList<>();
        for (int partition = 0; partition < instance.partitions(Topics.ANSWERS); partition++) {
            all.add(new TopicPartition(Topics.ANSWERS, partition));
        }
        watch(all, watching);
        return watching;
    }

    private void watch(List<TopicPartition> all, CompletableFuture<Void> watching) {
        instance.admin().ends(all).whenComplete((ends, failure) -> {
            if (failure != null) {
                log.info("Waiting for the answers topic: {}", failure.getMessage());
                reader.postAfter(RETRY_MS, () -> watch(all, watching));
                return;
            }
            reader.post(() -> {
                registered = false;
                last.clear();
                ends.forEach((partition, end) -> reader.add(partition, end, new Handler(partition)));
                reader.post(() -> watching.complete(null));
            });
        });
    }

    /** Stops reading. */
    public void close() {
        for (int partition = 0; partition < instance.partitions(Topics.ANSWERS); partition++) {
            reader.remove(new TopicPartition(Topics.ANSWERS, partition));
        }
    }

    private void take(byte[] value) {
        if (registered && AnswerBatch.incarnationOf(value) != incarnation) {
            return;
        }
        AnswerBatch batch = AnswerBatch.read(value);
        for (Effect effect : batch.effects()) {
            if (!registered && effect instanceof Effect.Pushed push && listener.isRegistration(push)) {
                register(batch.incarnation());
            }
            if (registered && batch.incarnation() == incarnation && isNew(batch, effect)) {
                give(new SourcePosition(batch.log(), batch.partition(), effect.id()), effect);
            }
        }
    }

    private void register(long life) {
        registered = true;
        incarnation = life;
        int partitions = instance.partitions(Topics.ANSWERS);
        int own = AnswerBatch.partitionOf(life, partitions);
        for (int partition = 0; partition < partitions; partition++) {
            if (partition != own) {
                reader.remove(new TopicPartition(Topics.ANSWERS, partition));
            }
        }
    }

    private boolean isNew(AnswerBatch batch, Effect effect) {
        Source source = new Source(batch.log(), batch.partition());
        Last known = last.get(source);
        if (known != null && known.epoch.equals(batch.epoch()) && !effect.id().isAfter(known.id)) {
            return false;
        }
        last.put(source, new Last(batch.epoch(), effect.id()));
        return true;
    }

    private void give(SourcePosition source, Effect effect) {
        switch (effect) {
            case Effect.Answered answer -> listener.answered(source, answer);
            case Effect.OutOfTurn request -> listener.outOfTurn(source, request);
            case Effect.Pushed push -> listener.pushed(source, push);
            case Effect.Forwarded e -> log.warn("An answer record holds a forward, {}", e.id());
        }
    }

    private final class Handler implements RecordHandler {
        private final TopicPartition partition;

        Handler(TopicPartition partition) {
            this.partition = partition;
        }

        @Override
        public void record(LogRecord record) {
            byte[] value = record.value();
            if (value == null) {
                return;
            }
            try {
                take(value);
            } catch (MalformedRecordException e) {
                log.warn("Passed over a record of {} at {}: {}", partition, record.offset(), e.getMessage());
            }
        }

        @Override
        public void batchEnded() {
            listener.batchEnded();
        }

        @Override
        public void outOfRange(long position) {
            log.warn("The answers at {} of {} are deleted already", position, partition);
            listener.lost();
            readOn();
        }

        private void readOn() {
            instance.admin().begin(partition).whenComplete((begin, failure) -> {
                if (failure == null) {
                    reader.add(partition, begin, this);
                } else {
                    reader.postAfter(RETRY_MS, this::readOn);
                }
            });
        }

        /** What the record held is lost to the listener, which gives its life up for that; the next ones are read. */
        @Override
        public boolean failed(Throwable failure) {
            instance.handlerFailures().failed("answers", "this gateway life ends, the next begins", failure);
            try {
                listener.lost();
            } catch (RuntimeException e) {
                log.error("The listener of answers failed twice", e);
            }
            return true;
        }
    }
}
