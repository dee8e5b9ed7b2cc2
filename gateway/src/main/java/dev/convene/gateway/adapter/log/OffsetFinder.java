package dev.convene.gateway.adapter.log;

import dev.convene.runtime.host.log.KafkaAccess;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Finds the offset of a moment; made when first needed. */
final class OffsetFinder implements AutoCloseable {
    private static final int TIMEOUT_MS = 5000;

    private final KafkaAccess access;
    private @Nullable Admin admin;

    OffsetFinder(KafkaAccess access) {
        this.access = access;
    }

    /** The first offset that is not older than this moment, -1 if there is none. */
    CompletableFuture<Long> offsetAt(TopicPartition partition, long wallMs) {
        return admin().listOffsets(Map.of(partition, OffsetSpec.forTimestamp(wallMs)))
                .partitionResult(partition)
                .toCompletionStage()
                .toCompletableFuture()
                .thenApply(found -> found.offset());
    }

    private synchronized Admin admin() {
        Admin known = admin;
        if (known == null) {
            Map<String, Object> settings = new HashMap<>(access.security());
            settings.put("bootstrap.servers", access.bootstrapServers());
            settings.put("client.id", access.clientId() + "-offsets");
            settings.put("default.api.timeout.ms", TIMEOUT_MS);
            settings.put("request.timeout.ms", TIMEOUT_MS / 2);
            settings.put("enable.metrics.push", false);
            known = Admin.create(settings);
            admin = known;
        }
        return known;
    }

    @Override
    public synchronized void close() {
        if (admin != null) {
            admin.close();
        }
    }
}
