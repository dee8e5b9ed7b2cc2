package dev.convene.protocol.frame;

import dev.convene.protocol.At;
import dev.convene.protocol.Position;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.ViewReason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a gateway delivers without being asked, in the one order of the session. */
public sealed interface Push extends ServerFrame {

    /**
     * A message.
     *
     * @param at its position
     * @param from the private group of its sender
     * @param groups all of its targets in the order in which they were given
     * @param service its service level
     * @param type the application's own message type
     * @param body what was sent
     * @param replyTo where answers go, or null
     * @param correlation the mark that an answer repeats, or null
     * @param redelivered whether another member of the queue group had it before and did not acknowledge it
     * @param history whether it comes from a replay
     * @param queue the queue group through which it comes, to be acknowledged, or null
     */
    record Message(
            At at,
            String from,
            List<String> groups,
            ServiceLevel service,
            int type,
            Body body,
            @Nullable String replyTo,
            @Nullable String correlation,
            boolean redelivered,
            boolean history,
            @Nullable String queue)
            implements Push {
        public static final String NAME = "message";

        public Message {
            groups = List.copyOf(groups);
        }

        @Override
        public String push() {
            return NAME;
        }
    }

    /**
     * A regular view: who is in the group from here on.
     *
     * @param at its position
     * @param view its id: equal for equal views only
     * @param reason why it differs from the one before
     * @param members all members, the oldest first, or null in a group too large to list
     * @param size how many they are
     * @param digest {@link MemberDigest} of all of them
     * @param changed whom the reason concerns
     * @param history whether it comes from a replay
     */
    record View(
            At at,
            String group,
            Position view,
            ViewReason reason,
            @Nullable List<String> members,
            int size,
            long digest,
            List<String> changed,
            boolean history)
            implements Push {
        public static final String NAME = "view";

        public View {
            members = members == null ? null : List.copyOf(members);
            changed = List.copyOf(changed);
        }

        @Override
        public String push() {
            return NAME;
        }

        /** The record's form, with the digest as it stands in frames. */
        @Override
        public String toString() {
            return "View[at=" + at + ", group=" + group + ", view=" + view + ", reason=" + reason + ", members="
                    + members
                    + ", size=" + size + ", digest=" + MemberDigest.toHex(digest) + ", changed=" + changed
                    + ", history="
                    + history + "]";
        }
    }

    /** A gateway was lost: what comes before the next view of the group is delivered in a reduced membership. */
    record Transitional(At at, String group) implements Push {
        public static final String NAME = "transitional";

        @Override
        public String push() {
            return NAME;
        }
    }

    /** The session itself has left the group; nothing of that group follows. */
    record Left(At at, String group) implements Push {
        public static final String NAME = "left";

        @Override
        public String push() {
            return NAME;
        }
    }

    /**
     * A member has changed its presence.
     *
     * @param member whose it is
     * @param presence what it shows now, or null if it shows nothing any longer
     */
    record Presence(
            At at, String group, String member, @Nullable Body presence) implements Push {
        public static final String NAME = "presence";

        @Override
        public String push() {
            return NAME;
        }
    }

    /** A push that this version does not know; a client passes over it. */
    record Unknown(String push) implements Push {
        @Override
        public @Nullable At at() {
            return null;
        }
    }

    /** Where it stands; null for one without a place. */
    @Nullable At at();

    /** The name on the wire. */
    String push();
}
