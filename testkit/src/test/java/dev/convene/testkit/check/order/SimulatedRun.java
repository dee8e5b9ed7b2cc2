package dev.convene.testkit.check.order;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * Groups on a log, simulated from a seed in the simplest way that keeps every promise: what any session does goes
 * through its outbox into the log of a domain, and from there through one inbox for each domain to everybody concerned,
 * at a pace of its own.
 */
final class SimulatedRun {

    private static final List<String> GROUPS = List.of("g1", "g2", "g3", "x/h1", "x/h2");
    private static final int GATEWAYS = 3;
    private static final int SESSIONS_MAX = 8;

    private final Random random;
    private final int steps;
    private final boolean holdsBack;
    private final int listedMax;
    private final Map<String, Integer> nextOffset = new TreeMap<>();
    private final Map<String, List<SimulatedSession>> members = new TreeMap<>();
    private final Map<String, Event.View> currentViews = new TreeMap<>();
    private final Map<Integer, BitSet> pasts = SimulatedSession.pasts();
    private final List<SimulatedSession> sessions = new ArrayList<>();
    private int messages;

    private SimulatedRun(long seed, int steps, boolean holdsBack) {
        this.random = new Random(seed);
        this.steps = steps;
        this.holdsBack = holdsBack;
        this.listedMax = seed % 4 == 0 ? 2 : Integer.MAX_VALUE;
        GROUPS.forEach(group -> members.put(group, new ArrayList<>()));
    }

    /** A history that keeps all promises, always the same for the same arguments. */
    static List<SessionHistory> of(long seed, int steps) {
        return new SimulatedRun(seed, steps, true).run();
    }

    /** Sees to it that every session gets things in the order of each domain, and no further. */
    static SimulatedRun careless(long seed, int steps) {
        return new SimulatedRun(seed, steps, false);
    }

    /** Whether message {@code cause} causally precedes message {@code effect}, by the numbers after their {@code m}. */
    boolean precedes(int cause, int effect) {
        BitSet before = pasts.get(effect);
        return before != null && before.get(cause);
    }

    List<SessionHistory> run() {
        connect();
        connect();
        for (int step = 0; step < steps; step++) {
            step();
        }
        finish();
        return sessions.stream().map(session -> session.recorder.toHistory()).toList();
    }

    private List<SimulatedSession> alive() {
        return sessions.stream().filter(session -> session.alive).toList();
    }

    private void step() {
        List<SimulatedSession> alive = alive();
        if (alive.size() < 2) {
            connect();
            return;
        }
        SimulatedSession session = alive.get(random.nextInt(alive.size()));
        int dice = random.nextInt(200);
        if (dice < 60) {
            append(session);
        } else if (dice < 130) {
            deliver(session);
        } else if (dice < 168) {
            send(session);
        } else if (dice < 182) {
            String group = pick(GROUPS);
            session.outbox.add(() -> join(session, group));
        } else if (dice < 189) {
            String group = pick(GROUPS);
            session.outbox.add(() -> leave(session, group));
        } else if (dice < 194) {
            toggleConnection(session);
        } else if (dice < 196) {
            kill(session);
        } else if (dice < 197) {
            loseGateway(session.gateway);
        } else if (alive.size() < SESSIONS_MAX) {
            connect();
        }
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private void connect() {
        List<String> taken = alive().stream().map(session -> session.member).toList();
        int gateway = random.nextInt(GATEWAYS);
        String member = "#n" + random.nextInt(6) + "#" + gateway;
        if (taken.contains(member)) {
            member = "#u" + sessions.size() + "#" + gateway;
        }
        boolean declines = random.nextInt(8) == 0;
        sessions.add(new SimulatedSession("s" + sessions.size(), member, gateway, declines, pasts));
    }

    private static void append(SimulatedSession session) {
        Runnable request = session.outbox.poll();
        if (request != null) {
            request.run();
        }
    }

    private void deliver(SimulatedSession session) {
        List<String> domains = session.deliverable(holdsBack);
        if (session.connected && !domains.isEmpty()) {
            session.deliver(pick(domains));
        }
    }

    private Position next(String domain) {
        return Position.of(domain, nextOffset.merge(domain, 1, Integer::sum));
    }

    private void send(SimulatedSession sender) {
        Level level = pick(List.of(Level.values()));
        List<String> targets = new ArrayList<>();
        String first = pick(GROUPS);
        targets.add(first);
        if (random.nextInt(3) == 0) {
            String second = pick(GROUPS);
            if (!level.atLeast(Level.CAUSAL) || Domains.of(second).equals(Domains.of(first))) {
                targets.add(second);
            }
        }
        if (random.nextInt(10) == 0 && Domains.of(first).equals("default")) {
            targets.add(pick(alive()).member);
        }
        int number = messages++;
        boolean selfDiscard = random.nextInt(6) == 0;
        Event.Sent sent = new Event.Sent("m" + number, level, targets, selfDiscard, List.of());
        sender.recorder.add(sent);
        if (level.atLeast(Level.FIFO)) {
            pasts.put(number, (BitSet) sender.past.clone());
            sender.past.set(number);
        }
        sender.outbox.add(() -> publish(sender, sent, number));
    }

    private void publish(SimulatedSession sender, Event.Sent sent, int number) {
        Set<String> domains = new LinkedHashSet<>();
        sent.targets().stream()
                .filter(target -> !Domains.isPrivate(target))
                .forEach(target -> domains.add(Domains.of(target)));
        List<Position> positions = new ArrayList<>();
        for (String domain : domains) {
            boolean placed = sent.level().atLeast(Level.RELIABLE);
            Position position = placed ? next(domain) : null;
            if (placed) {
                positions.add(position);
            }
            Event.Delivered delivered =
                    new Event.Delivered(sent.messageId(), sender.member, sent.targets(), sent.level(), position);
            if (placed || domain.equals(delivered.domain())) {
                receivers(sender, sent, domain).forEach(receiver -> receive(receiver, domain, delivered, number));
            }
        }
        if (random.nextInt(5) > 0) {
            sender.recorder.acknowledged(sent.messageId(), positions);
        }
    }

    private void receive(SimulatedSession receiver, String domain, Event.Delivered delivered, int number) {
        boolean drops = delivered.level() == Level.UNRELIABLE && random.nextInt(4) == 0;
        if (!drops) {
            boolean overtakes = !delivered.level().atLeast(Level.FIFO) && random.nextBoolean();
            receiver.tell(domain, delivered, number, overtakes);
        }
    }

    private List<SimulatedSession> receivers(SimulatedSession sender, Event.Sent sent, String domain) {
        return sessions.stream()
                .filter(session -> session.alive && !(session == sender && sent.selfDiscard()))
                .filter(session -> sent.targets().stream().anyMatch(target -> reaches(target, session, domain)))
                .toList();
    }

    private static boolean reaches(String target, SimulatedSession session, String domain) {
        return Domains.of(target).equals(domain) && (session.groups.contains(target) || session.member.equals(target));
    }

    private void join(SimulatedSession session, String group) {
        if (session.groups.add(group)) {
            members.get(group).add(session);
            view(group, next(Domains.of(group)), Reason.JOIN, List.of(session.member));
        }
    }

    private void leave(SimulatedSession session, String group) {
        if (session.groups.remove(group)) {
            members.get(group).remove(session);
            Position position = next(Domains.of(group));
            session.tell(Domains.of(group), new Event.SelfLeave(group, random.nextBoolean() ? position : null));
            view(group, position, Reason.LEAVE, List.of(session.member));
        }
    }

    private void view(String group, Position id, Reason reason, List<String> changed) {
        List<String> names =
                members.get(group).stream().map(session -> session.member).toList();
        Roster roster = names.size() <= listedMax
                ? new Roster.Listed(names)
                : new Roster.Counted(names.size(), "digest of " + names);
        Event.View view = new Event.View(group, id, reason, roster, changed);
        currentViews.put(group, view);
        members.get(group).forEach(session -> session.tell(Domains.of(group), view));
    }

    private void toggleConnection(SimulatedSession session) {
        if (session.connected) {
            session.connected = false;
            session.recorder.add(new Event.Disconnected());
        } else {
            resume(session, random.nextInt(3) > 0);
        }
    }

    private void resume(SimulatedSession session, boolean recovered) {
        session.connected = true;
        session.recorder.add(new Event.Resumed(recovered));
        if (!recovered) {
            session.forget();
            session.groups.forEach(group -> session.tell(Domains.of(group), currentViews.get(group)));
        }
    }

    private void end(SimulatedSession session) {
        session.alive = false;
        session.outbox.clear();
        session.recorder.ends(random.nextBoolean() ? Ending.GONE : Ending.CUT);
    }

    private void kill(SimulatedSession session) {
        end(session);
        for (String group : session.groups) {
            members.get(group).remove(session);
            view(group, next(Domains.of(group)), Reason.DISCONNECT, List.of(session.member));
        }
    }

    private void loseGateway(int gateway) {
        List<SimulatedSession> lost =
                alive().stream().filter(session -> session.gateway == gateway).toList();
        lost.forEach(this::end);
        Map<String, Position> records = new LinkedHashMap<>();
        members.forEach((group, list) -> {
            if (list.removeAll(lost)) {
                String domain = Domains.of(group);
                Position record = records.computeIfAbsent(domain, this::next);
                list.forEach(session -> session.tell(domain, new Event.Transitional(group)));
                view(
                        group,
                        record,
                        Reason.NETWORK,
                        list.stream().map(session -> session.member).toList());
            }
        });
    }

    private void finish() {
        for (SimulatedSession session : alive()) {
            if (!session.connected) {
                resume(session, true);
            }
            while (!session.outbox.isEmpty()) {
                append(session);
            }
        }
        for (SimulatedSession session : alive()) {
            while (!session.deliverable(holdsBack).isEmpty()) {
                session.deliver(pick(session.deliverable(holdsBack)));
            }
            session.recorder.ends(Ending.DRAINED);
        }
    }
}
