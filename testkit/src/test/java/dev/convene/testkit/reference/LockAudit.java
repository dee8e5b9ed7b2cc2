package dev.convene.testkit.reference;

import dev.convene.protocol.Position;
import dev.convene.protocol.log.Answer;
import dev.convene.protocol.log.SessionEvent;
import dev.convene.runtime.machine.EffectSink;
import dev.convene.runtime.machine.ShardMachine;
import dev.convene.testkit.sim.MemoryLog;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Applies a log of locks from its beginning and looks at the state after each record. */
final class LockAudit implements EffectSink {
    private final Map<String, Long> grants = new HashMap<>();
    private final LockShard shard = new LockShard();
    private final ShardMachine<LockCommand> machine = new ShardMachine<>(shard, Set.of());

    static LockAudit of(MemoryLog log) {
        LockAudit audit = new LockAudit();
        for (MemoryLog.Entry entry : log.all()) {
            audit.machine.apply(entry.offset(), entry.header(), entry.value(), audit);
            audit.shard.locks().forEach(lock -> audit.look(lock, entry.offset()));
        }
        return audit;
    }

    private void look(Lock lock, long offset) {
        Lock.Holder holder = lock.holder();
        if (holder == null && lock.next() != null) {
            throw new AssertionError("lock " + lock.name() + " is free and wanted after offset " + offset);
        }
        if (holder != null && machine.view().session(holder.session().id()) == null) {
            throw new AssertionError("lock " + lock.name() + " belongs to the dead after offset " + offset);
        }
        for (Lock.Waiter waiter : lock.waiters()) {
            if (machine.view().session(waiter.session().id()) == null) {
                throw new AssertionError("the dead wait for lock " + lock.name() + " after offset " + offset);
            }
        }
    }

    /** How often each lock was given. */
    Map<String, Long> grants() {
        return grants;
    }

    @Override
    public void answer(Position id, long incarnation, long requester, long number, long ref, Answer answer) {
        if (machine.view().session(requester) == null) {
            throw new AssertionError("the dead session " + requester + " is answered at " + id);
        }
    }

    @Override
    public void push(Position id, long incarnation, long requester, byte[] body) {}

    @Override
    public void forward(Position id, String log, int partition, byte[] command) {
        if (LockCommand.read(command) instanceof LockCommand.CountGrant grant) {
            grants.merge(grant.lock(), 1L, Long::sum);
        }
    }

    @Override
    public void tell(Position id, String log, int partition, SessionEvent event) {}
}
