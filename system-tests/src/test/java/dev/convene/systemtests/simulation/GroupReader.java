package dev.convene.systemtests.simulation;

import dev.convene.group.GroupShard;
import dev.convene.protocol.Position;
import dev.convene.protocol.group.GroupCommand;
import dev.convene.protocol.log.Answer;
import dev.convene.protocol.log.LogEntry;
import dev.convene.protocol.log.Origin;
import dev.convene.protocol.log.SessionEvent;
import dev.convene.runtime.Attachment;
import dev.convene.runtime.machine.EffectSink;
import dev.convene.runtime.machine.MachineView;
import dev.convene.runtime.machine.ShardMachine;
import dev.convene.testkit.sim.MemoryLog;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A partition of the group log as a gateway reads it: the same machine as everywhere, and what of it concerns whom. */
final class GroupReader {
    private final int partition;
    private final boolean acceptsStaleEpochs;
    private final ShardMachine<GroupCommand> machine;
    private final EffectSink sink;

    GroupReader(int partition, Telling.Ear ear, EffectSink sink, boolean acceptsStaleEpochs) {
        this.partition = partition;
        this.sink = sink;
        this.acceptsStaleEpochs = acceptsStaleEpochs;
        this.machine = new ShardMachine<>(new GroupShard(new Telling(partition, ear)), Set.of());
    }

    int partition() {
        return partition;
    }

    MachineView view() {
        return machine.view();
    }

    void apply(MemoryLog.Entry entry) {
        byte[] header = entry.header();
        if (acceptsStaleEpochs && header != null) {
            header = renewed(header, entry.value());
        }
        machine.apply(entry.offset(), header, entry.value(), sink);
    }

    /** The planted fault: whatever a command's origin says, it becomes what would be accepted. */
    private byte[] renewed(byte[] header, byte @Nullable [] value) {
        if (value != null && LogEntry.read(header, value) instanceof LogEntry.Command command) {
            Attachment session = view().session(command.origin().requester());
            if (session != null && view().isLive(session.incarnation())) {
                Origin origin = new Origin(
                        session.incarnation(),
                        session.id(),
                        session.epoch(),
                        command.origin().number() == 0 ? 0 : view().lastNumber(session.id()) + 1,
                        0,
                        0,
                        "");
                return new LogEntry.Command(origin, command.body(), command.payload()).toBytes();
            }
        }
        return header;
    }

    /** Takes nothing. */
    abstract static class Sink implements EffectSink {
        @Override
        public void answer(Position id, long incarnation, long requester, long number, long ref, Answer answer) {}

        @Override
        public void push(Position id, long incarnation, long requester, byte[] body) {}

        @Override
        public void forward(Position id, String log, int partitionThere, byte[] command) {}

        @Override
        public void tell(Position id, String log, int partitionThere, SessionEvent event) {}
    }

    /** Reads a log again from its beginning and gives an ear what its sessions were told. */
    static void replay(int partition, List<MemoryLog.Entry> entries, Telling.Ear ear, boolean acceptsStaleEpochs) {
        GroupReader reader = new GroupReader(partition, ear, EffectSink.NONE, acceptsStaleEpochs);
        entries.forEach(reader::apply);
    }
}
