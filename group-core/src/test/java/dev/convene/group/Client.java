package dev.convene.group;

import dev.convene.protocol.Content;
import dev.convene.protocol.Position;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.group.GroupCommand;
import dev.convene.protocol.log.Answer;
import dev.convene.protocol.log.LogEntry;
import dev.convene.protocol.log.Origin;
import dev.convene.protocol.log.SessionEvent;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A session of a {@link Partition}: numbers its requests and reads its stream. */
final class Client {
    static final byte[] NO_PRESENCE = {};

    final Partition partition;
    final long id;
    final String name;
    int epoch = 1;
    long incarnation;
    long number;

    Client(Partition partition, long id, String name, long incarnation) {
        this.partition = partition;
        this.id = id;
        this.name = name;
        this.incarnation = incarnation;
    }

    static LogEntry.Command entry(
            long incarnation, long requester, int epoch, long number, long seq, String key, GroupCommand command) {
        Origin origin = new Origin(incarnation, requester, epoch, number, number, seq, key);
        byte[] payload = command instanceof GroupCommand.Multicast message ? message.payload() : null;
        return new LogEntry.Command(origin, command.toBytes(), payload);
    }

    /** The next request, not yet appended. */
    LogEntry.Command next(GroupCommand command) {
        return entry(incarnation, id, epoch, ++number, 0, "", command);
    }

    Answer send(GroupCommand command) {
        return partition.append(next(command)).getLast().answer();
    }

    Answer join(String group) {
        return send(new GroupCommand.Join(group, "", true, NO_PRESENCE));
    }

    Answer joinQueue(String group, String queue) {
        return send(new GroupCommand.Join(group, queue, true, NO_PRESENCE));
    }

    Answer leave(String group) {
        return send(new GroupCommand.Leave(group));
    }

    Answer say(String body, String... groups) {
        return send(message(ServiceLevel.AGREED, false, body, groups));
    }

    Answer sayToOthers(String body, String... groups) {
        return send(message(ServiceLevel.AGREED, true, body, groups));
    }

    Answer acknowledge(String group, Position... messages) {
        return send(new GroupCommand.Acknowledge(group, List.of(messages), false));
    }

    Answer release(String group, Position... messages) {
        return send(new GroupCommand.Acknowledge(group, List.of(messages), true));
    }

    GroupCommand.Multicast message(ServiceLevel level, boolean selfDiscard, String body, String... groups) {
        return message(level, selfDiscard, 0, body.getBytes(StandardCharsets.ISO_8859_1), groups);
    }

    GroupCommand.Multicast message(ServiceLevel level, boolean selfDiscard, int type, byte[] body, String... groups) {
        return new GroupCommand.Multicast(
                List.of(groups), name, level, type, selfDiscard, Content.BYTES, "", "", List.of(), body);
    }

    void suspend() {
        partition.tell(new SessionEvent.SessionSuspended(id, epoch));
    }

    void resume(long otherIncarnation) {
        epoch++;
        incarnation = otherIncarnation;
        partition.tell(new SessionEvent.SessionResumed(id, epoch, incarnation));
    }

    void close() {
        partition.tell(new SessionEvent.SessionEnded(id, false));
    }

    void expire() {
        partition.tell(new SessionEvent.SessionEnded(id, true));
    }

    List<Told> told() {
        return partition.steady.stream(id);
    }

    /** What was told since this was called last, or since the beginning. */
    List<Told> news() {
        List<Told> news = List.copyOf(told().subList(seen, told().size()));
        seen = told().size();
        return news;
    }

    private int seen;

    List<Told.Message> messages() {
        return only(Told.Message.class);
    }

    List<String> bodies() {
        return messages().stream().map(Told.Message::body).toList();
    }

    List<Told.View> views() {
        return only(Told.View.class);
    }

    <T extends Told> List<T> only(Class<T> kind) {
        return told().stream().filter(kind::isInstance).map(kind::cast).toList();
    }
}
