package dev.convene.protocol;

/**
 * What a gateway enforces and announces in the connect reply. Sizes are bytes, times milliseconds.
 *
 * @param frameBytesMax largest frame a client may send
 * @param depthMax deepest nesting of a frame
 * @param messageBytesMax largest body of a message
 * @param groupNameMax longest group name, in characters
 * @param sessionNameMax longest session name, in characters
 * @param groupsPerMessageMax most targets of one message
 * @param groupsPerSessionMax most groups a session may join
 * @param domainsPerSessionMax most domains a session may be attached to
 * @param membersListedMax largest group whose views carry the whole member list
 * @param presenceBytesMax largest presence data of a member
 * @param outstandingMax most unanswered requests of a session
 * @param queuedBytesMax most bytes that may wait for one reader before it is cut
 * @param sessionsMax most sessions of a gateway
 * @param heartbeatMs the server sends a ping when it has sent nothing for this long
 * @param silenceMs the server closes a connection that has sent nothing for this long
 * @param graceMs longest time a session may be kept after its connection was lost
 * @param waitMsMax longest wait of one HTTP request
 * @param keyMax longest idempotency key, in characters
 * @param historyPageMax most messages on a page of history, and most that a join replays
 * @param unacknowledgedMax most messages that a member of a queue group may have unacknowledged; it gets no more then
 * @param framesPerSecondMax frames per second that a WebSocket may send in the long run
 */
public record Limits(
        int frameBytesMax,
        int depthMax,
        int messageBytesMax,
        int groupNameMax,
        int sessionNameMax,
        int groupsPerMessageMax,
        int groupsPerSessionMax,
        int domainsPerSessionMax,
        int membersListedMax,
        int presenceBytesMax,
        int outstandingMax,
        long queuedBytesMax,
        int sessionsMax,
        int heartbeatMs,
        int silenceMs,
        int graceMs,
        int waitMsMax,
        int keyMax,
        int historyPageMax,
        int unacknowledgedMax,
        int framesPerSecondMax) {

    /** What a gateway uses where no setting says otherwise. */
    public static final Limits DEFAULT = new Limits(
            2 * 1024 * 1024,
            32,
            1024 * 1024,
            Names.GROUP_NAME_MAX,
            Names.SESSION_NAME_MAX,
            100,
            10_000,
            16,
            256,
            4096,
            1024,
            16L * 1024 * 1024,
            20_000,
            25_000,
            60_000,
            60_000,
            30_000,
            Names.KEY_MAX,
            1000,
            256,
            100_000);
}
