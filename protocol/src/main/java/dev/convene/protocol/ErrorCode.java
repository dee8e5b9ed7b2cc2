package dev.convene.protocol;

import org.jspecify.annotations.Nullable;

/**
 * Every error a client can meet, numbered once and for all. A number is never given to another meaning.
 *
 * <p>Ranges: 1000 frames and requests, 1100 sessions, 1200 groups, 1300 tuple spaces, 1400 shared objects, 1500 workers
 * and processes, 1600 actors, 1900 the platform itself.
 */
public enum ErrorCode {
    // 1000: frames and requests
    BAD_FRAME(1000, false, Happened.NO, "the frame is not valid JSON or CBOR; send one object per frame"),
    FRAME_TOO_LARGE(1001, false, Happened.NO, "the frame is larger than limits.frameBytesMax"),
    FRAME_TOO_DEEP(1002, false, Happened.NO, "the frame is nested deeper than limits.depthMax"),
    UNKNOWN_OPERATION(1003, false, Happened.NO, "no such operation; see docs/protocol.md for the list"),
    MISSING_FIELD(1004, false, Happened.NO, "a required field is missing"),
    BAD_FIELD(1005, false, Happened.NO, "a field has the wrong type or a value out of its range"),
    BAD_VALUE(1006, false, Happened.NO, "a value is not one of the value table (unknown $ tag, NaN, out of range)"),
    BAD_POSITION(1007, false, Happened.NO, "a position is not one that Convene gave out"),
    UNSUPPORTED_MEDIA_TYPE(1008, false, Happened.NO, "send application/json or application/cbor"),
    REQUEST_FORGOTTEN(1010, false, Happened.MAYBE, "this request was applied too long ago to repeat its answer"),
    KEY_TABLE_FULL(
            1011, true, Happened.NO, "too many idempotency keys of this session are remembered; try again later"),
    KEY_REUSED(1015, false, Happened.NO, "this idempotency key was used for another request; use a new one"),
    TOO_MANY_OUTSTANDING(1012, true, Happened.NO, "more unanswered requests than limits.outstandingMax"),
    TIMED_OUT(1013, true, Happened.MAYBE, "the operation did not end within its time"),
    CANCELLED(1014, false, Happened.NO, "the operation was cancelled"),
    BAD_REQUEST(1016, false, Happened.NO, "the HTTP request is not one that is understood; its status says why"),

    // 1100: sessions
    NOT_CONNECTED(1100, false, Happened.NO, "connect or resume a session first"),
    ALREADY_CONNECTED(1101, false, Happened.NO, "this connection has a session; close it first"),
    ILLEGAL_NAME(
            1102,
            false,
            Happened.NO,
            "a session name is 1 to 32 visible ASCII characters without '#', ',', '/' and space"),
    NAME_NOT_UNIQUE(1103, false, Happened.NO, "a live session of this gateway has this name"),
    TOO_MANY_SESSIONS(1104, true, Happened.NO, "the session quota is used up"),
    SESSION_ENDED(1105, false, Happened.NO, "the session has ended; connect a new one"),
    WRONG_TOKEN(1106, false, Happened.NO, "the token does not belong to this session"),
    NOT_YOUR_NAME(1107, false, Happened.NO, "a session sends under its own private name only"),
    TOO_MANY_DOMAINS(1108, false, Happened.NO, "the session is attached to limits.domainsPerSessionMax domains"),
    STALE_EPOCH(1109, false, Happened.NO, "the session was resumed elsewhere; this connection is no longer its own"),
    GATEWAY_LOST(1110, true, Happened.MAYBE, "the gateway was declared lost; resume the session"),
    NOT_RECOVERED(1111, false, Happened.NO, "the position is no longer kept or belongs to another log"),
    OUT_OF_STEP(
            1112, true, Happened.MAYBE, "the requests no longer match the log; resume, retry with the same key or seq"),

    // 1200: groups
    ILLEGAL_GROUP_NAME(
            1200, false, Happened.NO, "a group name is 1 to 128 visible ASCII characters without '#', ',' and space"),
    PRIVATE_GROUP(
            1201,
            false,
            Happened.NO,
            "a private group takes messages only: it cannot be joined or left, and has no members, settings or history"),
    NO_TARGET(1202, false, Happened.NO, "name at least one group"),
    TOO_MANY_TARGETS(1203, false, Happened.NO, "more groups than limits.groupsPerMessageMax"),
    ILLEGAL_SERVICE(
            1204,
            false,
            Happened.NO,
            "name exactly one service level: unreliable, reliable, fifo, causal, agreed or safe"),
    MESSAGE_TOO_LARGE(1205, false, Happened.NO, "the body is larger than limits.messageBytesMax"),
    ILLEGAL_MESSAGE_TYPE(1206, false, Happened.NO, "the message type is an integer from -32768 to 32767"),
    ACROSS_DOMAINS(1207, false, Happened.NO, "an order above fifo holds within one domain; send one message a domain"),
    NOT_A_MEMBER(
            1208, false, Happened.NO, "the session has not joined this group, or, to acknowledge, none of its queues"),
    TOO_MANY_GROUPS(1209, true, Happened.NO, "the limit of groups is reached"),
    TOO_MANY_MEMBERS(1210, true, Happened.NO, "the group, or its partition, is full"),
    VIEW_SUPERSEDED(1211, false, Happened.NO, "that view is no longer the newest; fetch without a view id"),
    NO_SUCH_GROUP(1212, false, Happened.NO, "no such group"),
    ILLEGAL_QUEUE_NAME(1213, false, Happened.NO, "a queue name follows the rule of group names"),
    NO_RECEIVER(1214, false, Happened.NO, "nobody could receive the request"),
    PRESENCE_TOO_LARGE(1215, false, Happened.NO, "presence data is larger than limits.presenceBytesMax"),
    TOO_MANY_GROUPS_JOINED(1216, false, Happened.NO, "the session has joined limits.groupsPerSessionMax groups"),
    QUEUE_FULL(
            1217,
            true,
            Happened.NO,
            "too many messages wait in a queue group of a target, or in all together; try later"),
    PRESENCE_FULL(
            1218,
            true,
            Happened.NO,
            "the presence data of this session, or of all together, takes too much room; leave groups, or try later"),
    FORBIDDEN(1290, false, Happened.NO, "this session may not do that here"),

    // 1900: the platform
    INTERNAL(1900, false, Happened.NO, "an error inside Convene; it is recorded with its position"),
    UNAVAILABLE(1901, true, Happened.NO, "the log cannot be written just now; try again"),
    OUTCOME_UNKNOWN(
            1902,
            true,
            Happened.MAYBE,
            "sent but not seen back in time; ask again, with the same key or seq if it has one"),
    OVERLOADED(1903, true, Happened.NO, "too much is in progress; try again later"),
    SHUTTING_DOWN(1904, true, Happened.NO, "this instance is going down; use another"),
    STARTING(1905, true, Happened.NO, "this instance is still reading its logs; try again"),
    SHARD_HALTED(1906, true, Happened.MAYBE, "this shard has stopped at a record; an operator has to act");

    /** Whether the thing that was asked for was done. */
    public enum Happened {
        /** It was not done and will not be. */
        NO("no"),
        /** It may have been done or may still be; retry with the same key or sequence number. */
        MAYBE("maybe");

        private final String wireName;

        Happened(String wireName) {
            this.wireName = wireName;
        }

        /** The lower-case name in frames. */
        public String wireName() {
            return wireName;
        }
    }

    private static final ErrorCode[] ALL = values();

    private final int number;
    private final boolean temporary;
    private final Happened happened;
    private final String advice;

    ErrorCode(int number, boolean temporary, Happened happened, String advice) {
        this.number = number;
        this.temporary = temporary;
        this.happened = happened;
        this.advice = advice;
    }

    /** The number in frames and problems; stable for ever. */
    public int number() {
        return number;
    }

    /** The name in frames: lower case with hyphens, such as {@code illegal-group-name}. */
    public String wireName() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    /** Whether the same request may succeed later without a change. */
    public boolean isTemporary() {
        return temporary;
    }

    /** Whether the thing may have been done. */
    public Happened happened() {
        return happened;
    }

    /** One sentence that says what to do. */
    public String advice() {
        return advice;
    }

    /** The error with this number, or null if there is none. */
    public static @Nullable ErrorCode ofNumber(int number) {
        for (ErrorCode code : ALL) {
            if (code.number == number) {
                return code;
            }
        }
        return null;
    }
}
