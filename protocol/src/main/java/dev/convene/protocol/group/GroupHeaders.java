package dev.convene.protocol.group;

/**
 * The headers of a message record in the group log, for readers that know Kafka and nothing of Convene. Values are UTF-8
 * text. The command itself stands in the binary header {@link dev.convene.protocol.log.LogEntry#HEADER}; these are copies
 * of parts of it. Records without {@link #TO} are no messages. Names are {@linkplain dev.convene.protocol.Tenants qualified}:
 * bare for the tenant {@code default}, {@code tenant#name} for every other one.
 */
public final class GroupHeaders {
    /** The sender's private group, {@code #name#gateway}, or the gateway's name if a client sent without a session; qualified. */
    public static final String FROM = "from";
    /** The target groups, qualified, separated by commas. */
    public static final String TO = "to";
    /** The service level's name. */
    public static final String SERVICE = "service";
    /** The application's message type, decimal; absent when 0. */
    public static final String TYPE = "type";
    /** What the value is: {@code bytes}, {@code text} or {@code json}. */
    public static final String CONTENT = "content";
    /**
     * {@code incarnation:requester:epoch:number}; absent on unreliable messages. Tells copies of one request apart, see
     * docs/guide/reading-the-log.md.
     */
    public static final String REQUEST = "request";

    private GroupHeaders() {}
}
