package dev.convene.systemtests.raw;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * The exact rule of the guide, for one partition: also reads the records that are no messages, and so knows what the
 * sessions log has decided. Nothing of Convene is used here.
 */
public final class ExactRule {
    private static final int COMMANDS = 1;
    private static final int COMMAND = 2;
    private static final int FORWARDS = 5;

    private static final int GATEWAY_ATTACHED = 1;
    private static final int GATEWAY_LOST = 2;
    private static final int SESSION_ATTACHED = 3;
    private static final int SESSION_RESUMED = 5;
    private static final int SESSION_ENDED = 6;
    private static final int GATEWAY_EXPIRED = 7;

    private static final long KEYS_KEPT_MS = Duration.ofMinutes(10).toMillis();

    private record Origin(long incarnation, long requester, long epoch, long number, long seq, String key) {
        static Origin read(Bytes in) {
            long incarnation = in.varint();
            long requester = in.varint();
            long epoch = in.varint();
            long number = in.varint();
            in.varint();
            return new Origin(incarnation, requester, epoch, number, in.varint(), in.string());
        }
    }

    /** A session, or a gateway that asks for itself. */
    private static final class Requester {
        private long incarnation;
        private long epoch;
        private long number;
        private long seq;

        Requester(long incarnation, long epoch) {
            this.incarnation = incarnation;
            this.epoch = epoch;
        }
    }

    private record Taken(String epoch, long offset, long index) {
        boolean isBefore(String otherEpoch, long otherOffset, long otherIndex) {
            return !epoch.equals(otherEpoch) || offset < otherOffset || offset == otherOffset && index < otherIndex;
        }
    }

    private final Set<Long> live = new HashSet<>();
    private final Map<Long, Requester> requesters = new HashMap<>();
    private final Map<String, Taken> sources = new HashMap<>();
    private final Map<String, Long> keys = new HashMap<>();
    private final Set<Long> gone = new HashSet<>();
    private final boolean isWhole;

    /** @param isWhole whether the first record is the first that ever was; else who is not known is believed once */
    public ExactRule(boolean isWhole) {
        this.isWhole = isWhole;
    }

    /** Whether the record is a message that counts; to be asked for each record, in order. */
    boolean counts(ConsumerRecord<byte[], byte[]> record) {
        Header header = record.headers().lastHeader("convene");
        return counts(header == null ? null : header.value(), record.value(), record.timestamp());
    }

    /**
     * The same.
     *
     * @param header the value of the header {@code convene}, or null
     * @param timestampMs the record's own
     */
    public boolean counts(byte @Nullable [] header, byte @Nullable [] value, long timestampMs) {
        byte[] command = header == null ? value : header;
        if (command == null) {
            return false;
        }
        Bytes in = new Bytes(command);
        if (in.u8() != 1) {
            throw new IllegalStateException("a newer format: read the guide again");
        }
        switch (in.u8()) {
            case COMMANDS -> {
                for (long left = in.varint(); left > 0; left--) {
                    counts(Origin.read(in), timestampMs);
                    in.bytes();
                }
            }
            case COMMAND -> {
                return counts(Origin.read(in), timestampMs) && header != null;
            }
            case FORWARDS -> forwards(in);
            default -> {
                // Terms, ticks, confirmations and the like decide nothing about messages.
            }
        }
        return false;
    }

    private boolean counts(Origin origin, long nowMs) {
        if (!isWhole) {
            believe(origin);
        }
        Requester requester = requesters.get(origin.requester);
        if (requester == null
                || !live.contains(origin.incarnation)
                || requester.incarnation != origin.incarnation
                || requester.epoch != origin.epoch) {
            return false;
        }
        if (origin.number == 0) {
            return true;
        }
        if (origin.number != requester.number + 1) {
            return false;
        }
        requester.number = origin.number;
        if (origin.seq != 0 && origin.seq <= requester.seq) {
            return false;
        }
        requester.seq = Math.max(requester.seq, origin.seq);
        return origin.key.isEmpty() || isNew(origin.key, nowMs);
    }

    private void believe(Origin origin) {
        if (!gone.contains(origin.requester) && !gone.contains(origin.incarnation) && origin.number > 0) {
            live.add(origin.incarnation);
            Requester requester = new Requester(origin.incarnation, origin.epoch);
            requester.number = origin.number - 1;
            requesters.putIfAbsent(origin.requester, requester);
        }
    }

    private boolean isNew(String key, long nowMs) {
        Long before = keys.get(key);
        if (before != null && nowMs - before < KEYS_KEPT_MS) {
            return false;
        }
        keys.put(key, nowMs);
        return true;
    }

    /** What another shard has sent; an effect that came before comes again when its sender has started again. */
    private void forwards(Bytes in) {
        String source = in.string() + "/" + in.varint();
        String epoch = in.string();
        for (long left = in.varint(); left > 0; left--) {
            long offset = in.varint();
            long index = in.varint();
            boolean ofSessions = in.u8() == 1;
            byte[] body = in.bytes();
            Taken last = sources.get(source);
            if (last == null || last.isBefore(epoch, offset, index)) {
                sources.put(source, new Taken(epoch, offset, index));
                if (ofSessions) {
                    decided(new Bytes(body));
                }
            }
        }
    }

    private void decided(Bytes in) {
        switch (in.u8()) {
            case GATEWAY_ATTACHED -> {
                long incarnation = in.varint();
                if (live.add(incarnation)) {
                    requesters.put(incarnation, new Requester(incarnation, 0));
                }
            }
            case GATEWAY_LOST -> {
                long incarnation = in.varint();
                live.remove(incarnation);
                end(incarnation);
            }
            case SESSION_ATTACHED -> {
                long session = in.varint();
                long epoch = in.varint();
                requesters.putIfAbsent(session, new Requester(in.varint(), epoch));
            }
            case SESSION_RESUMED -> {
                Requester session = requesters.get(in.varint());
                long epoch = in.varint();
                if (session != null && epoch > session.epoch) {
                    session.epoch = epoch;
                    session.incarnation = in.varint();
                }
            }
            case SESSION_ENDED -> end(in.varint());
            case GATEWAY_EXPIRED -> {
                in.varint();
                for (long left = in.varint(); left > 0; left--) {
                    end(in.varint());
                }
            }
            default -> {
                // A suspended session keeps its places.
            }
        }
    }

    private void end(long requester) {
        requesters.remove(requester);
        gone.add(requester);
    }
}
