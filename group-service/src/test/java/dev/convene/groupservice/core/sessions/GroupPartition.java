package dev.convene.groupservice.core.sessions;

import dev.convene.protocol.Position;
import dev.convene.protocol.log.Decoder;
import dev.convene.protocol.log.Encoder;
import dev.convene.protocol.log.LogEntry;
import dev.convene.protocol.log.SessionEvent;
import dev.convene.runtime.Attachment;
import dev.convene.runtime.Change;
import dev.convene.runtime.Effects;
import dev.convene.runtime.Request;
import dev.convene.runtime.SessionEnd;
import dev.convene.runtime.Shard;
import dev.convene.runtime.ShardContext;
import dev.convene.runtime.machine.EffectSink;
import dev.convene.runtime.machine.MachineView;
import dev.convene.runtime.machine.ShardMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A partition that is told what the sessions log decides: records the events and what its own machine makes of them. */
final class GroupPartition {
    /** How a session ended here. */
    record Ended(long session, SessionEnd end) {}

    private final List<SessionEvent> events = new ArrayList<>();
    private final List<Ended> ended = new ArrayList<>();
    private final ShardMachine<String> machine = new ShardMachine<>(new Recorder(), Set.of());
    private long nextOffset;

    void told(Position id, SessionEvent event) {
        events.add(event);
        Encoder body = new Encoder();
        event.write(body);
        LogEntry.Forward forward = new LogEntry.Forward(id, true, body.toBytes());
        LogEntry entry = new LogEntry.Forwards(SessionsShard.LOG, 0, "epoch", List.of(forward));
        machine.apply(nextOffset++, null, entry.toBytes(), EffectSink.NONE);
    }

    /** What it was told so far, in order. */
    List<SessionEvent> events() {
        return events;
    }

    /** What it was told of this kind. */
    <E extends SessionEvent> List<E> events(Class<E> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** The sessions that ended here, in order. */
    List<Ended> ended() {
        return ended;
    }

    MachineView view() {
        return machine.view();
    }

    private final class Recorder implements Shard<String> {
        @Override
        public String decode(byte[] body, byte[] payload) {
            return "";
        }

        @Override
        public Change prepare(String command, Request request) {
            return Change.nothing(request);
        }

        @Override
        public void sessionsEnded(List<Attachment> sessions, SessionEnd end, Effects effects) {
            sessions.forEach(session -> ended.add(new Ended(session.id(), end)));
        }

        @Override
        public void write(Encoder out) {}

        @Override
        public void read(Decoder in) {}

        @Override
        public void begin(ShardContext context) {}
    }
}
