package dev.convene.runtime.machine;

import dev.convene.protocol.log.Answer;
import dev.convene.protocol.log.Decoder;
import dev.convene.protocol.log.Encoder;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The idempotency keys of a partition, oldest first, with the request that each stands for. */
final class IdempotencyKeys {
    /** Another request with the same key, to be answered together with the first. */
    record Joined(long requester, long number) {}

    static final class Use {
        final long requester;
        final long number;
        /** Tells a retry from another request under the same key. */
        final long bodyHash;

        final long servedMs;

        @Nullable Answer answer;

        List<Joined> joined = List.of();

        Use(long requester, long number, long bodyHash, long servedMs) {
            this.requester = requester;
            this.number = number;
            this.bodyHash = bodyHash;
            this.servedMs = servedMs;
        }

        Use keptFrom(long nowMs) {
            Use use = new Use(requester, number, bodyHash, nowMs);
            use.joined = joined;
            return use;
        }

        void join(long otherRequester, long otherNumber) {
            if (joined.isEmpty()) {
                joined = new ArrayList<>(1);
            }
            joined.add(new Joined(otherRequester, otherNumber));
        }
    }

    private final Map<String, Use> uses = new LinkedHashMap<>();

    @Nullable Use get(String key) {
        return uses.get(key);
    }

    boolean isFull() {
        return uses.size() >= MachineLimits.KEYS_MAX;
    }

    void put(String key, Use use) {
        uses.put(key, use);
    }

    void remove(String key) {
        uses.remove(key);
    }

    int count() {
        return uses.size();
    }

    /** When the oldest key can be forgotten, served milliseconds; {@link Long#MAX_VALUE} if there is none. */
    long nextMs() {
        return uses.isEmpty() ? Long.MAX_VALUE : uses.values().iterator().next().servedMs + MachineLimits.KEPT_MS;
    }

    /** Forgets the keys that are old enough; one whose request still waits is looked at again after the same time. */
    void expire(long nowMs) {
        Map<String, Use> stillWaiting = new LinkedHashMap<>();
        Iterator<Map.Entry<String, Use>> oldest = uses.entrySet().iterator();
        while (oldest.hasNext()) {
            Map.Entry<String, Use> entry = oldest.next();
            if (entry.getValue().servedMs + MachineLimits.KEPT_MS > nowMs) {
                break;
            }
            if (entry.getValue().answer == null) {
                stillWaiting.put(entry.getKey(), entry.getValue().keptFrom(nowMs));
            }
            oldest.remove();
        }
        uses.putAll(stillWaiting);
    }

    /** FNV-1a over the command and its payload. */
    static long hash(byte[] body, byte @Nullable [] payload) {
        long hash = hash(0xcbf29ce484222325L, body);
        return payload == null ? hash : hash(hash, payload);
    }

    private static long hash(long seed, byte[] bytes) {
        long hash = seed;
        for (byte b : bytes) {
            hash = (hash ^ b & 0xFF) * 0x100000001b3L;
        }
        return hash;
    }

    void write(Encoder out) {
        out.varint(uses.size());
        for (Map.Entry<String, Use> entry : uses.entrySet()) {
            Use use = entry.getValue();
            out.string(entry.getKey()).varlong(use.requester).varlong(use.number);
            out.fixed64(use.bodyHash).varlong(use.servedMs).flag(use.answer != null);
            if (use.answer != null) {
                use.answer.write(out);
            }
            out.varint(use.joined.size());
            for (Joined joined : use.joined) {
                out.varlong(joined.requester).varlong(joined.number);
            }
        }
    }

    void read(Decoder in) {
        int count = in.count(14);
        for (int i = 0; i < count; i++) {
            String key = in.string();
            Use use = new Use(in.varlong(), in.varlong(), in.fixed64(), in.varlong());
            if (in.flag()) {
                use.answer = Answer.read(in);
            }
            int joined = in.count(2);
            for (int j = 0; j < joined; j++) {
                use.join(in.varlong(), in.varlong());
            }
            uses.put(key, use);
        }
    }
}
