package dev.convene.group;

import dev.convene.protocol.Position;
import dev.convene.protocol.group.GroupCommand;
import dev.convene.protocol.log.Decoder;
import dev.convene.protocol.log.Encoder;
import dev.convene.protocol.log.MalformedRecordException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The messages that wait in any queue of a partition, each once however many queues hold it, and what they take. The more is
 * taken the less a single queue may hold: one that nobody empties leaves room for the others.
 */
final class QueuedMessages {
    /** A message and how many queues hold it. */
    static final class Message {
        final Position at;
        final GroupCommand.Multicast command;
        /** The session that must not get it since it sent it with self-discard, 0 for none. */
        final long excluded;

        final long bytes;
        private int holders;
        /** Its place in the snapshot that is being written. */
        private int place;

        Message(Position at, GroupCommand.Multicast command, long excluded) {
            this.at = at;
            this.command = command;
            this.excluded = excluded;
            this.bytes = bytesOf(command);
        }

        int bodyBytes() {
            return command.payload().length;
        }

        private static long bytesOf(GroupCommand.Multicast c) {
            long bytes = GroupLimits.QUEUED_OVERHEAD_BYTES + c.payload().length;
            bytes += c.from().length() + c.replyTo().length() + c.correlation().length();
            for (String group : c.groups()) {
                bytes += group.length();
            }
            return bytes + 16L * c.causes().size();
        }
    }

    /** By their places, which is the order in which they came. */
    private final Map<Position, Message> messages = new LinkedHashMap<>();

    private long bytes;

    /** What all queues hold, about. */
    long bytes() {
        return bytes;
    }

    /** What one queue may hold at present, as far as the others leave it. */
    long freeBytes() {
        return GroupLimits.QUEUED_BYTES_OF_ALL_MAX - bytes;
    }

    /** One more queue holds the message. */
    void hold(Message message) {
        if (message.holders++ == 0) {
            messages.put(message.at, message);
            bytes += message.bytes;
        }
        bytes += GroupLimits.QUEUED_OVERHEAD_BYTES;
    }

    /** A queue has done with the message. */
    void release(Message message) {
        bytes -= GroupLimits.QUEUED_OVERHEAD_BYTES;
        if (--message.holders == 0) {
            messages.remove(message.at);
            bytes -= message.bytes;
        }
    }

    /** Writes the messages; queues name them by {@link #place} then. */
    void write(Encoder out) {
        out.varint(messages.size());
        int place = 0;
        for (Message message : messages.values()) {
            message.place = place++;
            GroupSnapshot.writePosition(out, message.at);
            out.bytes(message.command.toBytes())
                    .bytes(message.command.payload())
                    .varlong(message.excluded);
        }
    }

    static int place(Message message) {
        return message.place;
    }

    /** The messages by their places; queues {@link #hold} them next. */
    List<Message> read(Decoder in) {
        int count = in.count(6);
        List<Message> all = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Position at = GroupSnapshot.readPosition(in);
            byte[] body = in.bytes();
            if (!(GroupCommand.read(body, in.bytes()) instanceof GroupCommand.Multicast command)) {
                throw new MalformedRecordException("a queue holds messages only");
            }
            Message message = new Message(at, command, in.varlong());
            all.add(message);
            // At its place in the order, whichever queue holds it first.
            messages.put(at, message);
        }
        return all;
    }
}
