package dev.convene.protocol.group;

import dev.convene.protocol.Content;
import dev.convene.protocol.Position;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.log.Decoder;
import dev.convene.protocol.log.Encoder;
import dev.convene.protocol.log.MalformedRecordException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What stands in a partition of the group log, beside what every log has. Names of groups and senders are
 * {@linkplain dev.convene.protocol.Tenants qualified}; names of queues stand within their group.
 */
public sealed interface GroupCommand {

    /**
     * A message.
     *
     * @param groups the targets in the order sent, ordinary and private, without repetition
     * @param from the sender's name as the gateway writes it when there is no session; the session's own name counts
     *     otherwise
     * @param service its level
     * @param type the application's message type
     * @param selfDiscard whether the sending session gets no copy
     * @param content what the payload is
     * @param replyTo where an answer to this request goes, empty if it is none
     * @param correlation ties a request to its answers, empty if unused
     * @param causes what must be delivered before, in other partitions of this log; empty for a sender that has used
     *     one domain only
     * @param payload the body
     */
    record Multicast(
            List<String> groups,
            String from,
            ServiceLevel service,
            int type,
            boolean selfDiscard,
            Content content,
            String replyTo,
            String correlation,
            List<Cause> causes,
            byte[] payload)
            implements GroupCommand {}

    /** A record of another partition of this log that comes before this message. */
    record Cause(int partition, long offset) {}

    /**
     * @param queue the queue group that it joins as, empty for an ordinary member
     * @param membership whether it gets this group's membership messages
     * @param presence data that the others see, in its JSON text form, empty for none
     */
    record Join(String group, String queue, boolean membership, byte[] presence) implements GroupCommand {}

    record Leave(String group) implements GroupCommand {}

    /** Changes the member's presence data; empty removes it. */
    record SetPresence(String group, byte[] presence) implements GroupCommand {}

    /**
     * A queue member has done with messages.
     *
     * @param release whether they go to another member instead of being done
     */
    record Acknowledge(String group, List<Position> messages, boolean release) implements GroupCommand {}

    /** A strong read of the member list. */
    record ListMembers(String group) implements GroupCommand {}

    /**
     * How long the group's history is kept; a filter on reading, within what the log keeps.
     *
     * @param historyMs in milliseconds, -1 for as long as the log keeps it
     * @param historyBytes in bytes of bodies, -1 for no limit
     */
    record SetSettings(String group, long historyMs, long historyBytes) implements GroupCommand {}

    /** The command in its log form, without a message's payload. */
    default byte[] toBytes() {
        Encoder out = new Encoder();
        switch (this) {
            case Multicast c -> writeMulticast(out, c);
            case Join c ->
                out.u8(2).string(c.group).string(c.queue).flag(c.membership).bytes(c.presence);
            case Leave c -> out.u8(3).string(c.group);
            case SetPresence c -> out.u8(4).string(c.group).bytes(c.presence);
            case Acknowledge c -> {
                out.u8(5).string(c.group).flag(c.release).varint(c.messages.size());
                for (Position message : c.messages) {
                    out.varlong(message.offset()).varint(message.index());
                }
            }
            case ListMembers c -> out.u8(6).string(c.group);
            case SetSettings c -> out.u8(7).string(c.group).zigzag(c.historyMs).zigzag(c.historyBytes);
        }
        return out.toBytes();
    }

    private static void writeMulticast(Encoder out, Multicast c) {
        out.u8(1).u8(c.service.number()).zigzag(c.type).flag(c.selfDiscard).u8(c.content.number());
        out.string(c.from).varint(c.groups.size());
        c.groups.forEach(out::string);
        out.string(c.replyTo).string(c.correlation).varint(c.causes.size());
        for (Cause cause : c.causes) {
            out.varint(cause.partition).varlong(cause.offset);
        }
    }

    /** @param payload the record's value for a message, else null */
    static GroupCommand read(byte[] bytes, byte @Nullable [] payload) {
        Decoder in = new Decoder(bytes);
        int kind = in.u8();
        return switch (kind) {
            case 1 -> readMulticast(in, payload);
            case 2 -> new Join(in.string(), in.string(), in.flag(), in.bytes());
            case 3 -> new Leave(in.string());
            case 4 -> new SetPresence(in.string(), in.bytes());
            case 5 -> {
                String group = in.string();
                boolean release = in.flag();
                int count = in.count(2);
                List<Position> messages = new ArrayList<>(count);
                for (int i = 0; i < count; i++) {
                    messages.add(new Position(in.varlong(), in.varint()));
                }
                yield new Acknowledge(group, messages, release);
            }
            case 6 -> new ListMembers(in.string());
            case 7 -> new SetSettings(in.string(), in.zigzag(), in.zigzag());
            default -> throw new MalformedRecordException("no such group command: " + kind);
        };
    }

    private static Multicast readMulticast(Decoder in, byte @Nullable [] payload) {
        if (payload == null) {
            throw new MalformedRecordException("a message without its payload");
        }
        ServiceLevel service = ServiceLevel.ofNumber(in.u8());
        if (service == null) {
            throw new MalformedRecordException("no such service level");
        }
        long type = in.zigzag();
        boolean selfDiscard = in.flag();
        int number = in.u8();
        Content content = Content.ofNumber(number);
        if (content == null) {
            throw new MalformedRecordException("no such content: " + number);
        }
        String from = in.string();
        int groupCount = in.count(1);
        List<String> groups = new ArrayList<>(groupCount);
        for (int i = 0; i < groupCount; i++) {
            groups.add(in.string());
        }
        String replyTo = in.string();
        String correlation = in.string();
        int causeCount = in.count(2);
        List<Cause> causes = new ArrayList<>(causeCount);
        for (int i = 0; i < causeCount; i++) {
            causes.add(new Cause(in.varint(), in.varlong()));
        }
        return new Multicast(
                groups,
                from,
                service,
                (int) type,
                selfDiscard,
                content,
                replyTo,
                correlation,
                causeCount == 0 ? List.of() : causes,
                payload);
    }
}
