package dev.convene.gateway.adapter.log;

import dev.convene.gateway.core.log.PartitionState;
import dev.convene.protocol.Position;
import dev.convene.runtime.Attachment;
import dev.convene.runtime.machine.MachineView;
import org.jspecify.annotations.Nullable;

/** A machine's state as the core reads it. */
public record MachineState(MachineView machine) implements PartitionState {
    @Override
    public long nextOffset() {
        return machine.nextOffset();
    }

    @Override
    public boolean isLive(long incarnation) {
        return machine.isLive(incarnation);
    }

    @Override
    public long lastNumber(long requester) {
        return machine.lastNumber(requester);
    }

    @Override
    public @Nullable Position reached(long session) {
        return machine.reached(session);
    }

    @Override
    public @Nullable Attachment session(long id) {
        return machine.session(id);
    }

    @Override
    public @Nullable Attachment session(String privateName) {
        return machine.session(privateName);
    }
}
