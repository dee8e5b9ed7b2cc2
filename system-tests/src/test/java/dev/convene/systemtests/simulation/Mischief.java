package dev.convene.systemtests.simulation;

import dev.convene.groupservice.core.sessions.SessionsShard;
import dev.convene.runtime.Attachment;
import dev.convene.runtime.machine.ShardMachine;
import dev.convene.testkit.sim.SimulatedReplica;
import dev.convene.testkit.sim.Simulation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happens to every second run of the product beside crashes and pauses: forged requests, deleted history, raised epochs,
 * mass joins.
 */
final class Mischief {
    private final GroupsRun run;
    private final Simulation simulation;
    private final Forger forger;

    Mischief(GroupsRun run) {
        this.run = run;
        this.simulation = run.simulation();
        this.forger = new Forger(run.broker());
    }

    void happens() {
        switch ((int) simulation.between(0, 9)) {
            case 0, 1 -> forgeLife();
            case 2 -> forgeSession();
            case 3, 4, 5 -> run.history().truncate((int) simulation.between(0, run.partitions() - 1));
            case 6 -> {
                run.history().raiseEpoch();
                run.gateways().stream()
                        .filter(gateway -> gateway.process().isUp())
                        .forEach(SimulatedGateway::crash);
            }
            default -> {
                String group = simulation.pick(GroupsRun.NAMES);
                run.clients().forEach(client -> ((CoreClient) client).joins(group));
            }
        }
    }

    private void forgeLife() {
        ShardMachine<?> sessions = machineOf(GroupsRun.SESSIONS, 0);
        if (sessions == null) {
            return;
        }
        List<SessionsShard.LiveGateway> lives = ((SessionsShard) sessions.shard()).liveGateways();
        if (lives.isEmpty()) {
            return;
        }
        long life = simulation.pick(lives).incarnation();
        int partition = (int) simulation.between(0, run.partitions() - 1);
        ShardMachine<?> groups = machineOf(GroupsRun.GROUPS, partition);
        simulation.trace("somebody forges requests of life " + life);
        if (simulation.chance(60) || groups == null) {
            forger.asLife(life, sessions.view());
        } else {
            forger.asLife(life, partition, groups.view());
        }
    }

    private void forgeSession() {
        long id = ((CoreClient) simulation.pick(run.clients())).number();
        for (int partition = 0; partition < run.partitions(); partition++) {
            ShardMachine<?> groups = machineOf(GroupsRun.GROUPS, partition);
            Attachment session = groups == null ? null : groups.view().session(id);
            if (session != null) {
                simulation.trace("somebody forges requests of session " + id + " in partition " + partition);
                forger.asSession(session, partition, groups.view());
                return;
            }
        }
    }

    /** A replica of this partition that is up. */
    private @Nullable ShardMachine<?> machineOf(String log, int partition) {
        for (SimulatedReplica<?> replica : run.replicas()) {
            if (replica.process().isUp() && replica.isOf(log, partition)) {
                return replica.machine();
            }
        }
        return null;
    }
}
