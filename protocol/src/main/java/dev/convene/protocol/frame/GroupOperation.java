package dev.convene.protocol.frame;

import dev.convene.protocol.At;
import dev.convene.protocol.Position;
import dev.convene.protocol.ServiceLevel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Operations on groups. {@code seq} is the session's own rising number of what it sends, 0 if it gives none: a repeated
 * one is answered as a duplicate.
 */
public sealed interface GroupOperation extends ClientOperation {

    /**
     * Joins a group; joining twice changes nothing.
     *
     * @param presence shown to the other members, or null
     * @param queue the queue group to be a member of, or null: each message goes to one member of it
     * @param membership whether to get this group's membership messages, or null as the session has it
     * @param history what to replay before the join view, or null for nothing
     */
    record Join(
            String group,
            @Nullable Body presence,
            @Nullable String queue,
            @Nullable Boolean membership,
            @Nullable HistoryStart history,
            long seq)
            implements GroupOperation {
        public static final String NAME = "join";

        @Override
        public String operation() {
            return NAME;
        }
    }

    /** Leaves a group; leaving one that was not joined changes nothing. */
    record Leave(String group, long seq) implements GroupOperation {
        public static final String NAME = "leave";

        @Override
        public String operation() {
            return NAME;
        }
    }

    /**
     * Sends one message to all members of one or more groups, or to sessions by their private groups.
     *
     * @param groups the targets in the order given, at least one
     * @param service the service level
     * @param type the application's own message type, -32768 to 32767
     * @param body what to send
     * @param selfDiscard whether the sending session itself gets no copy
     * @param key idempotency key, 1 to 64 visible ASCII characters, or null
     * @param replyTo where answers go, or null
     * @param correlation the application's mark that an answer repeats, or null
     */
    record Multicast(
            List<String> groups,
            ServiceLevel service,
            int type,
            Body body,
            boolean selfDiscard,
            @Nullable String key,
            long seq,
            @Nullable String replyTo,
            @Nullable String correlation)
            implements GroupOperation {
        public static final String NAME = "multicast";

        public Multicast {
            groups = List.copyOf(groups);
        }

        /** The same under another idempotency key, such as the one in a header. */
        public Multicast withKey(String idempotencyKey) {
            return new Multicast(groups, service, type, body, selfDiscard, idempotencyKey, seq, replyTo, correlation);
        }

        @Override
        public String operation() {
            return NAME;
        }
    }

    /**
     * Sends a message and waits for the first reply.
     *
     * @param message what to send; the gateway fills in where the reply goes
     * @param timeoutMs how long to wait
     */
    record Request(Multicast message, int timeoutMs) implements GroupOperation {
        public static final String NAME = "request";
        /** Longest time to wait for a reply: a day. */
        public static final int TIMEOUT_MS_MAX = 86_400_000;

        @Override
        public String operation() {
            return NAME;
        }
    }

    /**
     * Answers a request.
     *
     * @param to the private group in the request's {@code replyTo}
     * @param correlation the request's {@code correlation}
     */
    record Reply(
            String to,
            String correlation,
            Body body,
            int type,
            ServiceLevel service,
            @Nullable String key,
            long seq) implements GroupOperation {
        public static final String NAME = "reply";

        @Override
        public String operation() {
            return NAME;
        }
    }

    /** Changes what the other members see of this one; null clears it. */
    record Presence(String group, @Nullable Body presence) implements GroupOperation {
        public static final String NAME = "presence";

        @Override
        public String operation() {
            return NAME;
        }
    }

    /** Messages of a queue group are done, or given back to go to the next member. */
    record Ack(String group, List<At> at, boolean release) implements GroupOperation {
        public static final String NAME = "ack";

        public Ack {
            at = List.copyOf(at);
        }

        @Override
        public String operation() {
            return NAME;
        }
    }

    /**
     * Lists the members of a group.
     *
     * @param view the view whose members are wanted, or null for the newest
     * @param after {@code next} of the page before, or null for the first
     * @param limit most members on the page
     * @param at waits until this position is applied where it is read; null for what is applied now
     * @param strong reads by a command: what is told stands in the order, after all that was answered before
     */
    record Members(
            String group,
            @Nullable Position view,
            @Nullable String after,
            int limit,
            @Nullable At at,
            boolean strong) implements GroupOperation {
        public static final String NAME = "members";

        /** As of now where it is read. */
        public Members(String group, @Nullable Position view, @Nullable String after, int limit) {
            this(group, view, after, limit, null, false);
        }

        @Override
        public String operation() {
            return NAME;
        }
    }

    /**
     * Lists groups in the order of their names.
     *
     * @param prefix what the names begin with, or null
     * @param domain the order domain, or null for all
     * @param after {@code next} of the page before, or null for the first
     * @param limit most groups on the page
     * @param at waits until these positions, one per domain, are applied where it is read
     */
    record Groups(
            @Nullable String prefix,
            @Nullable String domain,
            @Nullable String after,
            int limit,
            List<At> at) implements GroupOperation {
        public static final String NAME = "groups";

        public Groups {
            at = List.copyOf(at);
        }

        /** As of now where it is read. */
        public Groups(@Nullable String prefix, @Nullable String domain, @Nullable String after, int limit) {
            this(prefix, domain, after, limit, List.of());
        }

        @Override
        public String operation() {
            return NAME;
        }
    }

    /**
     * Reads what was sent to a group.
     *
     * @param start where to begin, or null for the oldest message that is kept
     * @param limit most messages on the page
     */
    record History(String group, @Nullable HistoryStart start, int limit) implements GroupOperation {
        public static final String NAME = "history";

        @Override
        public String operation() {
            return NAME;
        }
    }

    /**
     * Changes the settings of a group and answers with all of them; without any it only asks.
     *
     * @param historyMs how long messages are kept for replay, or null to leave it
     * @param historyBytes how many bytes of messages are kept for replay, or null to leave it
     */
    record Settings(
            String group,
            @Nullable Long historyMs,
            @Nullable Long historyBytes) implements GroupOperation {
        public static final String NAME = "settings";

        @Override
        public String operation() {
            return NAME;
        }
    }
}
