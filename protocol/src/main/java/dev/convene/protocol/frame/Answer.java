package dev.convene.protocol.frame;

import dev.convene.protocol.At;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Limits;
import dev.convene.protocol.Position;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What stands under {@code ok}. Which one it is follows from the operation that it answers. */
public sealed interface Answer
        permits Answer.Connected,
                Answer.Resumed,
                Answer.Accepted,
                Answer.Replied,
                Answer.MemberPage,
                Answer.GroupPage,
                Answer.HistoryPage,
                Answer.SettingsInForce,
                Answer.Received,
                Answer.Waiting,
                Answer.Done,
                CapabilityAnswer {

    /**
     * A session has begun.
     *
     * @param session its id
     * @param token the secret that proves it
     * @param privateGroup its address, sender name and member name; on the wire {@code private}
     * @param gateway the gateway that serves it
     * @param at where it begins, per domain
     * @param limits what the gateway enforces
     * @param version the version of the server
     */
    record Connected(
            String session,
            String token,
            String privateGroup,
            String gateway,
            List<At> at,
            Limits limits,
            String version)
            implements Answer {
        public Connected {
            at = List.copyOf(at);
        }

        /** Without the token, so that logs do not hold it. */
        @Override
        public String toString() {
            return "Connected[session=" + session + ", token=***, privateGroup=" + privateGroup + ", gateway=" + gateway
                    + ", at=" + at + ", limits=" + limits + ", version=" + version + "]";
        }
    }

    /**
     * A session goes on.
     *
     * @param recovered whether everything after the given positions follows; if not, the session begins anew at {@code at}
     */
    record Resumed(boolean recovered, String session, String privateGroup, String gateway, List<At> at, Limits limits)
            implements Answer {
        public Resumed {
            at = List.copyOf(at);
        }
    }

    /**
     * Something was ordered and applied: a message, a join, a leave, a reply, a change of presence, an acknowledgement.
     *
     * @param at its position, or null if it has none (unreliable messages, changes of nothing)
     * @param duplicate whether it had been done before under the same key or number
     * @param dropped private groups that were not there
     * @param alsoAt its further positions: one for each other domain that a message spans
     * @param history what was replayed before a join view; null where nothing was asked for, or the session was a member
     */
    record Accepted(
            @Nullable At at,
            boolean duplicate,
            List<String> dropped,
            List<At> alsoAt,
            @Nullable Replayed history) implements Answer {
        public Accepted {
            dropped = List.copyOf(dropped);
            alsoAt = List.copyOf(alsoAt);
        }

        /** At one position. */
        public Accepted(@Nullable At at, boolean duplicate, List<String> dropped) {
            this(at, duplicate, dropped, List.of());
        }

        /** At several positions. */
        public Accepted(@Nullable At at, boolean duplicate, List<String> dropped, List<At> alsoAt) {
            this(at, duplicate, dropped, alsoAt, null);
        }

        /** The same with what was replayed; null for nothing. */
        public Accepted with(@Nullable Replayed replayed) {
            return new Accepted(at, duplicate, dropped, alsoAt, replayed);
        }

        /** Done for the first time and for all targets. */
        public static Accepted at(@Nullable At at) {
            return new Accepted(at, false, List.of());
        }
    }

    /**
     * The history that a join was given.
     *
     * @param messages how many came before the join view
     * @param complete whether nothing of what was asked for is missing: no longer kept, or more than fits
     * @param error why there was none, null if it could be read
     */
    record Replayed(
            int messages, boolean complete, @Nullable ErrorCode error) {}

    /** The reply to a request. */
    record Replied(Push.Message reply) implements Answer {}

    /** One member of a group. */
    record Member(
            String member,
            @Nullable Body presence,
            @Nullable String queue) {}

    /**
     * Members of a group.
     *
     * @param view the view they are members of, or null if the group does not exist
     * @param size how many members the view has
     * @param digest {@link MemberDigest} of all of them
     * @param next what to give as {@code after} for the next page, or null if this is the last
     * @param at the position at which this is true, or null if it is not told
     */
    record MemberPage(
            String group,
            @Nullable Position view,
            int size,
            long digest,
            List<Member> members,
            @Nullable String next,
            @Nullable At at)
            implements Answer {
        public MemberPage {
            members = List.copyOf(members);
        }

        /** Without a position. */
        public MemberPage(
                String group,
                @Nullable Position view,
                int size,
                long digest,
                List<Member> members,
                @Nullable String next) {
            this(group, view, size, digest, members, next, null);
        }

        /** The same, true at this position. */
        public MemberPage at(At position) {
            return new MemberPage(group, view, size, digest, members, next, position);
        }
    }

    /** One group. */
    record GroupSummary(String group, int members, Position view) {}

    /**
     * Groups in the order of their names.
     *
     * @param next what to give as {@code after} for the next page, or null if this is the last
     * @param at the positions at which this is true, one for each domain on the page and for the one asked for
     */
    record GroupPage(List<GroupSummary> groups, @Nullable String next, List<At> at) implements Answer {
        public GroupPage {
            groups = List.copyOf(groups);
            at = List.copyOf(at);
        }

        /** Without positions. */
        public GroupPage(List<GroupSummary> groups, @Nullable String next) {
            this(groups, next, List.of());
        }
    }

    /**
     * What was sent to a group, all marked as history.
     *
     * @param next where the next page begins, or null if this is the last
     * @param complete whether nothing that was asked for has been dropped by the group's settings
     */
    record HistoryPage(List<Push> messages, @Nullable At next, boolean complete) implements Answer {
        public HistoryPage {
            messages = List.copyOf(messages);
        }
    }

    /** The settings of a group as they are now, and where they were changed. */
    record SettingsInForce(
            @Nullable At at,
            @Nullable Long historyMs,
            @Nullable Long historyBytes) implements Answer {}

    /** What waited for the session, in its order; empty if nothing came in time. */
    record Received(List<Push> messages) implements Answer {
        public Received {
            messages = List.copyOf(messages);
        }
    }

    /** How much waits for the session. */
    record Waiting(int messages, long bytes) implements Answer {}

    /** There is nothing to tell. */
    record Done() implements Answer {
        public static final Done DONE = new Done();
    }
}
