package dev.convene.protocol.frame;

import dev.convene.protocol.At;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Operations on the session itself and on what waits for it. */
public sealed interface SessionOperation extends ClientOperation {

    /**
     * Begins a session.
     *
     * @param name its name on this gateway, or null to be given one
     * @param membership whether it wants membership messages where a join does not say otherwise
     * @param graceMs how long it is kept after its connection was lost, or null for the gateway's limit
     */
    record Connect(
            @Nullable String name,
            boolean membership,
            @Nullable Long graceMs) implements SessionOperation {
        public static final String NAME = "connect";

        @Override
        public String operation() {
            return NAME;
        }
    }

    /**
     * Takes a session up again on this connection.
     *
     * @param session the id from the connect reply
     * @param token the secret from the connect reply
     * @param at the newest position seen per domain; empty means from now on
     */
    record Resume(String session, String token, List<At> at) implements SessionOperation {
        public static final String NAME = "resume";

        public Resume {
            at = List.copyOf(at);
        }

        @Override
        public String operation() {
            return NAME;
        }

        /** Without the token, so that logs do not hold it. */
        @Override
        public String toString() {
            return "Resume[session=" + session + ", token=***, at=" + at + "]";
        }
    }

    /** Ends the session at once: it leaves every group. */
    record Close() implements SessionOperation {
        public static final String NAME = "close";

        @Override
        public String operation() {
            return NAME;
        }
    }

    /**
     * Takes what waits for a session without a connection of its own.
     *
     * @param waitMs how long to wait when nothing is there
     * @param limit most pushes to return
     * @param seen confirms everything up to these positions
     */
    record Receive(int waitMs, int limit, List<At> seen) implements SessionOperation {
        public static final String NAME = "receive";

        public Receive {
            seen = List.copyOf(seen);
        }

        @Override
        public String operation() {
            return NAME;
        }
    }

    /** Asks how much waits, without taking it. */
    record Poll() implements SessionOperation {
        public static final String NAME = "poll";

        @Override
        public String operation() {
            return NAME;
        }
    }

    /** Confirms everything up to these positions, one per domain. */
    record Seen(List<At> at) implements SessionOperation {
        public static final String NAME = "seen";

        public Seen {
            at = List.copyOf(at);
        }

        @Override
        public String operation() {
            return NAME;
        }
    }

    /** Keeps the connection alive and measures it. */
    record Ping() implements SessionOperation {
        public static final String NAME = "ping";

        @Override
        public String operation() {
            return NAME;
        }
    }
}
