package dev.convene.testkit.check.order;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** A session of a {@link SimulatedRun}: what it still has to send, what still has to reach it, and its record. */
final class SimulatedSession {

    /** Something on its way to the session. */
    record Incoming(Event event, int message) {

        static final int NO_MESSAGE = -1;

        boolean isMessage() {
            return message != NO_MESSAGE;
        }
    }

    final String id;
    final String member;
    final int gateway;
    final boolean membershipDeclined;
    final SessionRecorder recorder;
    final ArrayDeque<Runnable> outbox = new ArrayDeque<>();
    final Map<String, List<Incoming>> inboxes = new TreeMap<>();
    final TreeSet<String> groups = new TreeSet<>();
    final BitSet past = new BitSet();
    boolean alive = true;
    boolean connected = true;

    private final Map<Integer, BitSet> pasts;

    SimulatedSession(String id, String member, int gateway, boolean membershipDeclined, Map<Integer, BitSet> pasts) {
        this.id = id;
        this.member = member;
        this.gateway = gateway;
        this.membershipDeclined = membershipDeclined;
        this.pasts = pasts;
        this.recorder = new SessionRecorder(id, member);
        if (membershipDeclined) {
            recorder.declinesMembership();
        }
    }

    void tell(String domain, Event event) {
        boolean message = event instanceof Event.Delivered;
        if (alive && (message || !membershipDeclined)) {
            inboxes.computeIfAbsent(domain, name -> new ArrayList<>()).add(new Incoming(event, Incoming.NO_MESSAGE));
        }
    }

    /** A message that promises no order may overtake the message before it. */
    void tell(String domain, Event.Delivered event, int message, boolean overtakes) {
        if (!alive) {
            return;
        }
        List<Incoming> inbox = inboxes.computeIfAbsent(domain, name -> new ArrayList<>());
        int place = inbox.size();
        if (overtakes && place > 0 && inbox.get(place - 1).isMessage()) {
            place--;
        }
        inbox.add(place, new Incoming(event, message));
    }

    /** The domains whose next event may be delivered; if it holds back, without breaking causality. */
    List<String> deliverable(boolean holdsBack) {
        List<String> domains = new ArrayList<>();
        for (Map.Entry<String, List<Incoming>> inbox : inboxes.entrySet()) {
            if (!inbox.getValue().isEmpty()
                    && (!holdsBack || mayCome(inbox.getKey(), inbox.getValue().getFirst()))) {
                domains.add(inbox.getKey());
            }
        }
        return domains;
    }

    private boolean mayCome(String domain, Incoming incoming) {
        BitSet before = pasts.get(incoming.message);
        if (before == null) {
            return true;
        }
        for (Map.Entry<String, List<Incoming>> other : inboxes.entrySet()) {
            if (!other.getKey().equals(domain)
                    && other.getValue().stream().anyMatch(held -> held.isMessage() && before.get(held.message))) {
                return false;
            }
        }
        return true;
    }

    void deliver(String domain) {
        Incoming incoming = inboxes.get(domain).removeFirst();
        recorder.add(incoming.event);
        BitSet before = pasts.get(incoming.message);
        if (before != null) {
            past.or(before);
            past.set(incoming.message);
        }
    }

    /** What comes through the inbox is forgotten, as after a resume that could not be recovered. */
    void forget() {
        inboxes.values().forEach(List::clear);
    }

    static Map<Integer, BitSet> pasts() {
        return new HashMap<>();
    }
}
