package dev.convene.systemtests.simulation;

import dev.convene.protocol.group.GroupCommand;
import dev.convene.protocol.log.LogEntry;
import dev.convene.protocol.log.Origin;
import dev.convene.protocol.session.SessionCommand;
import dev.convene.runtime.Attachment;
import dev.convene.runtime.host.log.Topics;
import dev.convene.runtime.machine.MachineView;
import dev.convene.testkit.sim.Broker;
import java.util.ArrayList;
import java.util.List;

/**
 * Appends under the numbers of others, as no sound process does: whoever they belong to has to find out that they do not
 * match the log any longer, and begin anew.
 */
final class Forger {
    /** More than anybody has under way, so that the log is ahead of its numbers. */
    private static final int NUMBERS = 200;

    private final Broker broker;

    Forger(Broker broker) {
        this.broker = broker;
    }

    /** In the name of a gateway life, to the sessions log. */
    void asLife(long incarnation, MachineView sessions) {
        byte[] body = new SessionCommand.AttachGateway(GroupsRun.GROUPS, "default").toBytes();
        append(GroupsRun.SESSIONS, 0, incarnation, incarnation, 0, sessions.lastNumber(incarnation), body);
    }

    /** In the name of a gateway life, to a partition of the group log. */
    void asLife(long incarnation, int partition, MachineView groups) {
        byte[] body = new GroupCommand.Leave("nowhere").toBytes();
        append(GroupsRun.GROUPS, partition, incarnation, incarnation, 0, groups.lastNumber(incarnation), body);
    }

    /** In the name of a session. */
    void asSession(Attachment session, int partition, MachineView groups) {
        byte[] body = new GroupCommand.Leave("nowhere").toBytes();
        long last = groups.lastNumber(session.id());
        append(GroupsRun.GROUPS, partition, session.incarnation(), session.id(), session.epoch(), last, body);
    }

    private void append(
            String log, int partition, long incarnation, long requester, int epoch, long last, byte[] body) {
        List<LogEntry.Command> commands = new ArrayList<>(NUMBERS);
        for (int i = 1; i <= NUMBERS; i++) {
            Origin origin = new Origin(incarnation, requester, epoch, last + i, 0, 0, "");
            commands.add(new LogEntry.Command(origin, body, null));
        }
        broker.log(Topics.ofLog(log), partition).append(null, new LogEntry.Commands(commands).toBytes(), 0);
    }
}
