package dev.convene.runtime.machine;

import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.log.Answer;
import dev.convene.protocol.log.Decoder;
import dev.convene.protocol.log.Encoder;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The idempotency keys of a partition, oldest first, with the request that each stands for. What they take is bounded for all
 * and for each who uses them: a session may take a part of what is free, so the more are greedy the less each of them gets, and
 * whoever uses few finds room. Who has taken its part is refused for the time being; a key is never forgotten before its
 * time, since what was done under it would be done again.
 */
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
        private long bytes;

        Use(long requester, long number, long bodyHash, long servedMs) {
            this.requester = requester;
            this.number = number;
            this.bodyHash = bodyHash;
            this.servedMs = servedMs;
        }

        Use keptFrom(long nowMs) {
            Use use = new Use(requester, number, bodyHash, nowMs);
            use.joined = joined;
            use.bytes = bytes;
            return use;
        }

        void join(long otherRequester, long otherNumber) {
            if (joined.isEmpty()) {
                joined = new ArrayList<>(1);
            }
            joined.add(new Joined(otherRequester, otherNumber));
        }
    }

    /** What one requester has taken. */
    private static final class Account {
        long bytes;
    }

    private final Map<String, Use> uses = new LinkedHashMap<>();
    private final Map<Long, Account> accounts = new LinkedHashMap<>();
    private long bytes;

    @Nullable Use get(String key) {
        return uses.get(key);
    }

    /** Whether the requester may use one more key. */
    boolean hasRoom(String key, Requester requester) {
        long free = MachineLimits.KEYS_BYTES_MAX - bytes;
        Account account = accounts.get(requester.id());
        long wanted = (account == null ? 0 : account.bytes) + bytesOf(key);
        return wanted <= (requester.isGateway() ? free : free / MachineLimits.KEYS_FREE_PART);
    }

    private static long bytesOf(String key) {
        return MachineLimits.KEY_OVERHEAD_BYTES + key.length();
    }

    void put(String key, Use use) {
        uses.put(key, use);
        charge(use, bytesOf(key));
    }

    /** Keeps the answer under the key; if there is no room for its body, that the request was answered. */
    void answered(Use use, Answer answer) {
        int body = answer.body().length;
        if (bytes + body > MachineLimits.KEYS_BYTES_MAX) {
            use.answer = Answer.error(ErrorCode.REQUEST_FORGOTTEN, answer.at());
        } else {
            use.answer = answer;
            charge(use, body);
        }
    }

    void remove(String key) {
        Use use = uses.remove(key);
        if (use != null) {
            refund(use);
        }
    }

    private void charge(Use use, long more) {
        use.bytes += more;
        bytes += more;
        accounts.computeIfAbsent(use.requester, id -> new Account()).bytes += more;
    }

    private void refund(Use use) {
        bytes -= use.bytes;
        Account account = accounts.get(use.requester);
        if (account != null) {
            account.bytes -= use.bytes;
            if (account.bytes == 0) {
                accounts.remove(use.requester);
            }
        }
    }

    /** What all keys take, about. */
    long bytes() {
        return bytes;
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
            } else {
                refund(entry.getValue());
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
                charge(use, use.answer.body().length);
            }
            int joined = in.count(2);
            for (int j = 0; j < joined; j++) {
                use.join(in.varlong(), in.varlong());
            }
            put(key, use);
        }
    }
}
