package dev.convene.protocol.group;

/**
 * The header of a message record in the group log for readers that know Kafka and nothing of Convene: one line of ASCII,
 * {@code from=#ann#east to=chat,news service=agreed type=5 content=text request=17:42:1:99}. The command itself stands in the
 * binary header {@link dev.convene.protocol.log.LogEntry#HEADER}; these are copies of parts of it. Records without this header
 * are no messages.
 *
 * <p>{@code from} is the sender's private group, or the gateway's name if a client sent without a session; {@code to} are the
 * target groups; {@code type} is absent when 0; {@code content} is what the value is; {@code request} is {@code
 * gateway-incarnation:session:epoch:number}, which tells copies of one request, and absent for an unreliable message. One
 * header and not one for each part: the broker and every reader take each header of each record into their hands.
 */
public final class GroupHeaders {
    /** The name of the header. */
    public static final String MESSAGE = "message";

    private GroupHeaders() {}

    /** What the header says of the message; names are visible ASCII, so that it splits at spaces and commas. */
    public static String textOf(GroupCommand.Multicast message) {
        String type = message.type() == 0 ? "" : " type=" + message.type();
        return "from=" + message.from()
                + " to=" + String.join(",", message.groups())
                + " service=" + message.service().wireName()
                + type
                + " content=" + message.content().wireName();
    }
}
