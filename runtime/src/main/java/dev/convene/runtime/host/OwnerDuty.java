package dev.convene.runtime.host;

import dev.convene.protocol.log.LogEntry;
import dev.convene.runtime.machine.MachineView;
import dev.convene.runtime.machine.ShardMachine;
import java.util.concurrent.CompletableFuture;

/** What the owner of a shard appends to its log: ticks and owner commands. Belongs to the reader's thread. */
final class OwnerDuty<C> {
    /** How often the policies are asked, milliseconds. */
    private static final long POLICY_MS = 100;

    private final Hosting<C> hosting;
    private final int partition;
    private final TickPlanner ticks = new TickPlanner();
    private long policyMs;
    /** Tells the acknowledgements of an earlier ownership from those of this one. */
    private int round;

    OwnerDuty(Hosting<C> hosting, int partition) {
        this.hosting = hosting;
        this.partition = partition;
    }

    void begin(MachineView view, long nowMs) {
        round++;
        ticks.begin(view.servedMs(), nowMs);
        policyMs = nowMs;
    }

    void end() {
        round++;
    }

    /** Appends what is due; returns in how many milliseconds it wants to be called again. */
    long turn(ShardMachine<C> machine, long nowMs) {
        MachineView view = machine.view();
        ticks.applied(view.nextOffset(), view.servedMs(), nowMs);
        long wallMs = hosting.instance().clocks().wallMs();
        long wait = ticks.waitMs(TickPlanner.Due.of(view), nowMs, wallMs);
        if (wait <= 0) {
            tick(view.term(), ticks.servedMs(nowMs), Math.max(0, wallMs), nowMs);
            wait = Long.MAX_VALUE;
        }
        if (!hosting.policies().isEmpty()) {
            if (nowMs - policyMs >= POLICY_MS) {
                policyMs = nowMs;
                long term = view.term();
                hosting.policies().forEach(policy -> policy.look(partition, machine, body -> command(term, body)));
            }
            wait = Math.min(wait, policyMs + POLICY_MS - nowMs);
        }
        return wait;
    }

    private CompletableFuture<Long> command(long term, byte[] body) {
        return append(new LogEntry.OwnerCommand(term, body));
    }

    private void tick(long term, long servedMs, long wallMs, long nowMs) {
        ticks.sent(servedMs, nowMs);
        int present = round;
        append(new LogEntry.Tick(term, servedMs, wallMs))
                .whenComplete((offset, failure) -> hosting.reader().post(() -> {
                    if (present != round) {
                        return;
                    }
                    if (failure == null) {
                        ticks.acknowledged(offset);
                    } else {
                        ticks.failed();
                    }
                }));
    }

    private CompletableFuture<Long> append(LogEntry entry) {
        return hosting.instance().writer().append(hosting.topic(), partition, entry.toBytes());
    }
}
