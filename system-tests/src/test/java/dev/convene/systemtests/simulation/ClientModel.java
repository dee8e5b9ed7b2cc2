package dev.convene.systemtests.simulation;

import dev.convene.protocol.Content;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Names;
import dev.convene.protocol.Position;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.group.GroupCommand;
import dev.convene.testkit.check.order.Ending;
import dev.convene.testkit.check.order.Event;
import dev.convene.testkit.check.order.Level;
import dev.convene.testkit.check.order.SessionHistory;
import dev.convene.testkit.check.order.SessionRecorder;
import dev.convene.testkit.sim.Simulation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A client with one session: does this and that, comes back when its connection is lost, and writes down what it sees. */
final class ClientModel implements SimulatedClient {
    private static final int UNANSWERED_MAX = 4;
    private static final long PATIENCE_MS = 3000;
    private static final List<ServiceLevel> LEVELS = List.of(ServiceLevel.values());
    private static final byte[] NO_PRESENCE = {};

    /** Something that was asked and not answered. */
    private record Pending(
            int partition, GroupCommand command, @Nullable String messageId) {}

    private enum State {
        CONNECTING,
        CONNECTED,
        AWAY,
        OVER
    }

    private final GroupsRun run;
    private final Simulation simulation;
    private final String wanted;
    private final boolean membership;
    private final Map<Integer, Position> positions = new TreeMap<>();
    private final Map<String, Integer> partitions = new HashMap<>();
    private final Map<Long, Pending> pending = new LinkedHashMap<>();
    private final TreeSet<String> attaching = new TreeSet<>();
    private State state = State.CONNECTING;
    private String name = "";
    private long id = -1;
    private long nextSeq = 1;
    private int messages;

    private @Nullable SessionRecorder recorder;
    private @Nullable ServedSession session;
    private Link link;

    ClientModel(GroupsRun run, String wanted, boolean membership) {
        this.run = run;
        this.simulation = run.simulation();
        this.wanted = wanted;
        this.membership = membership;
        this.link = new Link(simulation);
        tryToConnect();
    }

    boolean membership() {
        return membership;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean isOver() {
        return state == State.OVER;
    }

    private void tryToConnect() {
        GatewayModel gateway = run.readyGateway(GatewayModel.class);
        link = new Link(simulation);
        Link mine = link;
        if (gateway != null) {
            mine.request(gateway.process(), () -> gateway.connect(this, wanted, mine));
        }
        simulation.after(PATIENCE_MS, () -> {
            if (state == State.CONNECTING && link == mine) {
                mine.cut();
                giveUp();
            }
        });
    }

    private void giveUp() {
        state = State.OVER;
    }

    void connected(ServedSession served, int home, String gateway) {
        state = State.CONNECTED;
        session = served;
        id = served.id;
        name = Names.privateGroup(wanted, gateway);
        partitions.put(Names.DEFAULT_DOMAIN, home);
        recorder = new SessionRecorder("s" + id, name);
        if (!membership) {
            recorder.declinesMembership();
        }
        run.born(this);
    }

    void refused(Link by, @Nullable ErrorCode why) {
        if (by != link) {
            return;
        }
        if (state == State.CONNECTING) {
            giveUp();
        } else if (state == State.AWAY && why == ErrorCode.SESSION_ENDED) {
            over(Ending.GONE);
        }
    }

    void ended(ServedSession by) {
        if (by == session && state == State.CONNECTED) {
            over(Ending.GONE);
        }
    }

    private void over(Ending ending) {
        state = State.OVER;
        link.cut();
        session = null;
        if (recorder != null) {
            recorder.ends(ending);
        }
    }

    void receive(Told told) {
        positions.put(told.partition(), told.at());
        if (recorder != null) {
            recorder.add(told.event());
        }
    }

    /** The connection breaks, or is broken by the client. */
    void disconnected(Link broken) {
        if (broken != link || state != State.CONNECTED || recorder == null) {
            broken.cut();
            return;
        }
        broken.cut();
        state = State.AWAY;
        session = null;
        recorder.add(new Event.Disconnected());
        simulation.after(simulation.between(20, run.isCalm() ? 500 : 6000), this::tryToResume);
    }

    private void tryToResume() {
        if (state != State.AWAY) {
            return;
        }
        GatewayModel gateway = run.readyGateway(GatewayModel.class);
        link.cut();
        link = new Link(simulation);
        Link mine = link;
        if (gateway != null) {
            Map<Integer, Position> given = Map.copyOf(positions);
            mine.request(gateway.process(), () -> gateway.resume(this, id, wanted, given, mine));
        }
        simulation.after(PATIENCE_MS, () -> {
            if (state == State.AWAY && link == mine) {
                mine.cut();
                tryToResume();
            }
        });
    }

    void resumed(ServedSession served) {
        if (served.link != link || recorder == null) {
            return;
        }
        state = State.CONNECTED;
        session = served;
        recorder.add(new Event.Resumed(true));
        Map<Long, Pending> again = new LinkedHashMap<>(pending);
        if (served.gateway.has(Fault.FORGETS_ITS_NUMBERS)) {
            pending.clear();
            again.values().forEach(one -> ask(one, nextSeq++));
        } else {
            again.forEach((seq, one) -> send(served, one, seq));
        }
    }

    @Override
    public void act() {
        ServedSession served = session;
        if (state != State.CONNECTED || served == null) {
            return;
        }
        if (simulation.chance(2)) {
            connectionBreaks();
        } else if (simulation.chance(1)) {
            close(served);
        } else if (pending.size() < UNANSWERED_MAX) {
            String group = simulation.pick(GroupsRun.NAMES);
            Integer partition = partitions.get(Names.domainOf(group));
            if (partition == null) {
                attach(served, Names.domainOf(group));
            } else if (simulation.chance(20)) {
                ask(new Pending(partition, new GroupCommand.Join(group, "", membership, NO_PRESENCE), null), nextSeq++);
            } else if (simulation.chance(10)) {
                ask(new Pending(partition, new GroupCommand.Leave(group), null), nextSeq++);
            } else {
                multicast(served, group, partition);
            }
        }
    }

    private void attach(ServedSession served, String domain) {
        if (attaching.add(domain)) {
            served.link.request(
                    served.gateway.process(),
                    () -> served.gateway.attach(served, domain, partition -> {
                        partitions.put(domain, partition);
                    }));
            simulation.after(PATIENCE_MS, () -> attaching.remove(domain));
        }
    }

    @Override
    public void connectionBreaks() {
        ServedSession served = session;
        if (served != null) {
            served.gateway.process().after(simulation.between(1, 300), () -> served.gateway.suspend(served));
            disconnected(link);
        }
    }

    private void close(ServedSession served) {
        served.link.request(served.gateway.process(), () -> served.gateway.close(served));
        over(Ending.CUT);
    }

    private void multicast(ServedSession served, String group, int partition) {
        ServiceLevel level = simulation.pick(LEVELS);
        List<String> targets = new ArrayList<>();
        targets.add(group);
        if (simulation.chance(25)) {
            String other = simulation.pick(GroupsRun.NAMES);
            if (Names.domainOf(other).equals(Names.domainOf(group)) && !other.equals(group)) {
                targets.add(other);
            }
        }
        if (simulation.chance(15) && Names.domainOf(group).equals(Names.DEFAULT_DOMAIN)) {
            targets.add(run.somebody().name());
        }
        String messageId = "s" + id + "m" + ++messages;
        GroupCommand.Multicast message = new GroupCommand.Multicast(
                targets,
                name,
                level,
                0,
                simulation.chance(15),
                Content.TEXT,
                "",
                "",
                List.of(),
                messageId.getBytes(StandardCharsets.UTF_8));
        if (recorder != null) {
            recorder.add(
                    new Event.Sent(messageId, Level.valueOf(level.name()), targets, message.selfDiscard(), List.of()));
        }
        Pending one = new Pending(partition, message, messageId);
        if (level == ServiceLevel.UNRELIABLE) {
            send(served, one, -1);
        } else {
            ask(one, nextSeq++);
        }
    }

    private void ask(Pending one, long seq) {
        pending.put(seq, one);
        if (session != null) {
            send(session, one, seq);
        }
    }

    private void send(ServedSession served, Pending one, long seq) {
        served.link.request(
                served.gateway.process(),
                () -> served.ask(new ServedSession.Ask(
                        one.partition,
                        one.command,
                        seq,
                        answer -> served.link.push(() -> answered(one, seq, answer)))));
    }

    private void answered(Pending one, long seq, dev.convene.protocol.log.Answer answer) {
        if (pending.remove(seq) == null || one.messageId == null || recorder == null) {
            return;
        }
        if (!answer.isOk()) {
            throw new AssertionError(one.messageId + " was refused: " + answer.error());
        }
        GroupCommand.Multicast message = (GroupCommand.Multicast) one.command;
        recorder.acknowledged(one.messageId, List.of(Telling.place(Telling.domainOf(message.groups()), answer.at())));
    }

    @Override
    public String unrest() {
        boolean rests = state == State.OVER || state == State.CONNECTED && pending.isEmpty() && link.isEmpty();
        return rests ? "" : (name.isEmpty() ? wanted : name) + " is " + state + " with " + pending.size() + " asked, ";
    }

    @Override
    public @Nullable SessionHistory history() {
        if (recorder == null) {
            return null;
        }
        if (state == State.CONNECTED) {
            recorder.ends(Ending.DRAINED);
        }
        return recorder.toHistory();
    }
}
