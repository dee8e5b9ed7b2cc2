package dev.convene.group;

import dev.convene.protocol.Position;
import dev.convene.protocol.log.Decoder;
import dev.convene.protocol.log.Encoder;
import dev.convene.protocol.log.MalformedRecordException;
import dev.convene.runtime.Attachment;
import dev.convene.runtime.ShardContext;
import java.util.List;
import java.util.Map;

/** The groups of a partition as bytes, in an order that follows from their history alone. */
final class GroupSnapshot {
    private GroupSnapshot() {}

    static void write(Groups groups, Encoder out) {
        groups.queued().write(out);
        out.varint(groups.count());
        for (Group group : groups.all()) {
            writeGroup(group, out);
        }
        out.varint(groups.joined().size());
        groups.joined().forEach((session, all) -> {
            out.varlong(session).varint(all.members.size());
            all.members.keySet().forEach(out::string);
        });
        out.varint(groups.allSettings().size());
        groups.allSettings()
                .forEach((name, settings) ->
                        out.string(name).zigzag(settings.historyMs()).zigzag(settings.historyBytes()));
    }

    static void read(Groups groups, ShardContext context, Decoder in) {
        QueueReading queues = new QueueReading(groups.queued().read(in), in);
        int groupCount = in.count(6);
        for (int i = 0; i < groupCount; i++) {
            groups.restored(readGroup(new Group(in.string(), groups.queued()), context, queues, in));
        }
        int sessionCount = in.count(2);
        for (int i = 0; i < sessionCount; i++) {
            long session = in.varlong();
            int joinedCount = in.count(1);
            for (int j = 0; j < joinedCount; j++) {
                Group group = groups.find(in.string());
                Member member = group == null ? null : group.member(session);
                if (member == null) {
                    throw new MalformedRecordException("a snapshot names a membership that is not there");
                }
                groups.noteJoined(session, member);
            }
        }
        int settingsCount = in.count(3);
        for (int i = 0; i < settingsCount; i++) {
            groups.settings(in.string(), new GroupSettings(in.zigzag(), in.zigzag()));
        }
    }

    private static void writeGroup(Group group, Encoder out) {
        out.string(group.name());
        writePosition(out, group.view());
        out.varint(group.queues().size());
        group.queues().forEach(queue -> out.string(queue.name()));
        out.varint(group.size());
        for (Member member : group.members()) {
            QueueGroup queue = member.queue();
            out.varlong(member.session().id());
            writePosition(out, member.joinedAt());
            out.flag(member.membership()).string(queue == null ? "" : queue.name());
            out.bytes(member.presence());
        }
        group.queues().forEach(queue -> writeQueue(queue, out));
    }

    private static Group readGroup(Group group, ShardContext context, QueueReading queues, Decoder in) {
        group.view(readPosition(in));
        int queueCount = in.count(1);
        for (int i = 0; i < queueCount; i++) {
            group.queue(in.string());
        }
        int memberCount = in.count(6);
        for (int i = 0; i < memberCount; i++) {
            long id = in.varlong();
            Attachment session = context.session(id);
            if (session == null) {
                throw new MalformedRecordException("a snapshot names session " + id + " that is not attached");
            }
            Position joinedAt = readPosition(in);
            boolean membership = in.flag();
            String queue = in.string();
            group.add(new Member(
                    session, group, joinedAt, membership, queue.isEmpty() ? null : group.queue(queue), in.bytes()));
        }
        group.queues().forEach(queue -> queues.read(group, queue));
        return group;
    }

    private static void writeQueue(QueueGroup queue, Encoder out) {
        out.varint(queue.places().size());
        for (QueueGroup.Place place : queue.places()) {
            out.varlong(place.member.session().id()).varint(place.unacknowledged.size());
            for (Map.Entry<Position, QueueGroup.Queued> entry : place.unacknowledged.entrySet()) {
                writePosition(out, entry.getKey());
                writeQueued(out, entry.getValue());
            }
        }
        out.varint(queue.waiting().size());
        queue.waiting().forEach(queued -> writeQueued(out, queued));
    }

    private static void writeQueued(Encoder out, QueueGroup.Queued queued) {
        out.varint(QueuedMessages.place(queued.message())).flag(queued.redelivered());
    }

    /** Reads queues, which name their messages by their places. */
    private record QueueReading(List<QueuedMessages.Message> messages, Decoder in) {
        void read(Group group, QueueGroup queue) {
            int placeCount = in.count(2);
            for (int i = 0; i < placeCount; i++) {
                long session = in.varlong();
                Member member = group.member(session);
                if (member == null) {
                    throw new MalformedRecordException("a snapshot names a queue member that is not there");
                }
                queue.join(member);
                int messageCount = in.count(4);
                for (int j = 0; j < messageCount; j++) {
                    queue.restoreUnacknowledged(session, readPosition(in), queued());
                }
            }
            int waitingCount = in.count(2);
            for (int i = 0; i < waitingCount; i++) {
                queue.waits(queued());
            }
        }

        private QueueGroup.Queued queued() {
            int place = in.varint();
            if (place >= messages.size()) {
                throw new MalformedRecordException("a snapshot names a queued message that is not there");
            }
            return new QueueGroup.Queued(messages.get(place), in.flag());
        }
    }

    static void writePosition(Encoder out, Position position) {
        out.zigzag(position.offset()).varint(position.index());
    }

    static Position readPosition(Decoder in) {
        return new Position(in.zigzag(), in.varint());
    }
}
