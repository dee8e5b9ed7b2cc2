package dev.convene.groupservice.core.sessions;

import dev.convene.protocol.Names;
import dev.convene.protocol.log.Decoder;
import dev.convene.protocol.log.Encoder;
import dev.convene.protocol.session.SessionReply.Domain;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The logs that were declared, and the order domains of each with the partition that was settled at first use. */
final class Domains {
    private record Key(String log, String domain) {}

    private final Map<String, Integer> partitionsOfLog = new LinkedHashMap<>();
    private final Map<Key, Domain> settled = new LinkedHashMap<>();

    static LogPartition partitionOf(Domain domain) {
        return new LogPartition(domain.log(), domain.partition());
    }

    boolean isDeclared(String log) {
        return partitionsOfLog.containsKey(log);
    }

    boolean hasRoomForLog() {
        return partitionsOfLog.size() < SessionLimits.LOGS_MAX;
    }

    /** Makes the log known and settles its default domain. */
    void declare(String log, int partitions) {
        partitionsOfLog.put(log, partitions);
        settle(log, Names.DEFAULT_DOMAIN);
    }

    /** The domain if it is settled. */
    @Nullable Domain find(String log, String domain) {
        return settled.get(new Key(log, domain));
    }

    boolean isFull() {
        return settled.size() >= SessionLimits.DOMAINS_MAX;
    }

    int count() {
        return settled.size();
    }

    /** Where the domain would live if it were settled now; the log is declared. */
    Domain place(String log, String domain) {
        Domain known = find(log, domain);
        Integer partitions = partitionsOfLog.get(log);
        if (known != null) {
            return known;
        }
        if (partitions == null) {
            throw new IllegalStateException("log " + log + " is not declared");
        }
        return new Domain(log, domain, (int) Math.floorMod(hash(domain), (long) partitions));
    }

    /** Settles where the domain lives, for ever. */
    Domain settle(String log, String domain) {
        return settled.computeIfAbsent(new Key(log, domain), key -> place(log, domain));
    }

    /** FNV-1a over the UTF-8 bytes, mixed so that the low bits depend on all of them. Never to be changed. */
    private static long hash(String domain) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : domain.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ b & 0xFF) * 0x100000001b3L;
        }
        hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
        return hash ^ hash >>> 33;
    }

    void write(Encoder out) {
        out.varint(partitionsOfLog.size());
        partitionsOfLog.forEach((log, partitions) -> out.string(log).varint(partitions));
        out.varint(settled.size());
        for (Domain domain : settled.values()) {
            out.string(domain.log()).string(domain.domain()).varint(domain.partition());
        }
    }

    void read(Decoder in) {
        int logs = in.count(2);
        for (int i = 0; i < logs; i++) {
            partitionsOfLog.put(in.string(), in.varint());
        }
        int domains = in.count(3);
        for (int i = 0; i < domains; i++) {
            Domain domain = new Domain(in.string(), in.string(), in.varint());
            settled.put(new Key(domain.log(), domain.domain()), domain);
        }
    }
}
