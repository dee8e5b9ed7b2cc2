package dev.convene.testkit.check.order;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is delivered is what was sent, by whom it was sent, and only to those it was meant for: sender, level and targets
 * are told as they were given (G7, G40, G48), a private message stays private (G43), who asked for no copy gets none
 * (G39), and nothing comes from a session after the view by which it was dead (G54).
 */
public final class Integrity implements Checker {

    @Override
    public Violations check(History history) {
        Run run = new Run(history.index());
        for (int s = 0; s < history.sessions().size(); s++) {
            run.walk(s);
        }
        return run.found.violations();
    }

    private record Key(int group, String member) {}

    /** A session that was seen to end: in which group, by which event. */
    private record Death(String group, int event) {}

    private record Place(int session, String domain) {}

    private static final class Run {

        private final HistoryIndex index;
        private final Violations.Collector found = new Violations.Collector();
        private final Map<Key, TreeMap<Position, Integer>> joins = new HashMap<>();
        private final boolean[] recordsSends;

        Run(HistoryIndex index) {
            this.index = index;
            this.recordsSends = new boolean[index.sessions.size()];
            for (int s = 0; s < index.sessions.size(); s++) {
                SessionHistory session = index.sessions.get(s);
                for (Event event : session.events()) {
                    if (event instanceof Event.Sent) {
                        recordsSends[s] = true;
                    } else if (event instanceof Event.View view && isJoinOf(view, session.member())) {
                        joins.computeIfAbsent(
                                        new Key(index.groups.find(view.group()), session.member()),
                                        key -> new TreeMap<>())
                                .put(view.id(), s);
                    }
                }
            }
        }

        private static boolean isJoinOf(Event.View view, String member) {
            return view.reason() == Reason.JOIN && view.changed().contains(member);
        }

        void walk(int session) {
            List<Event> events = index.sessions.get(session).events();
            Map<Place, Death> deaths = new HashMap<>();
            Map<String, Event.View> latest = new HashMap<>();
            for (int i = 0; i < events.size(); i++) {
                switch (events.get(i)) {
                    case Event.View view -> noteDeaths(i, view, latest.put(view.group(), view), deaths);
                    case Event.Delivered delivered -> {
                        Message message = index.messageOf(index.item(session, i));
                        checkAsSent(session, i, delivered, message);
                        checkForReceiver(session, i, delivered, message);
                        checkAlive(session, i, delivered, message, deaths);
                    }
                    case Event.SelfLeave leave -> latest.remove(leave.group());
                    case Event.Resumed resumed -> {
                        if (!resumed.recovered()) {
                            latest.clear();
                        }
                    }
                    case Event.Sent sent -> {}
                    case Event.Transitional transitional -> {}
                    case Event.Disconnected disconnected -> {}
                }
            }
        }

        private void checkAsSent(int session, int i, Event.Delivered delivered, Message message) {
            if (message.sent == null) {
                if (index.sessionsOf(delivered.sender()).stream().anyMatch(s -> recordsSends[s])) {
                    altered("G7", session, i, delivered, delivered.sender() + " never sent it");
                }
                return;
            }
            String sender = index.sessions.get(message.senderSession).member();
            if (!delivered.sender().equals(sender)) {
                altered("G7", session, i, delivered, sender + " sent it, not " + delivered.sender());
            }
            if (delivered.level() != message.sent.level()) {
                String levels = "it was sent " + message.sent.level() + " and came " + delivered.level();
                altered("G48", session, i, delivered, levels);
            }
            List<String> targets = message.sent.targets();
            if (!delivered.groups().equals(targets) && !isPartOf(targets, delivered)) {
                altered("G40", session, i, delivered, "it was sent to " + targets + ", not to " + delivered.groups());
            }
        }

        /**
         * Whether it tells each target once, or, if it may be several records, those of its domain and any of the private
         * ones.
         */
        private static boolean isPartOf(List<String> targets, Event.Delivered delivered) {
            List<String> told = delivered.groups();
            List<String> distinct = targets.stream().distinct().toList();
            if (told.equals(distinct) || delivered.level().atLeast(Level.CAUSAL)) {
                return told.equals(distinct);
            }
            boolean onlyPrivate = told.stream().allMatch(Domains::isPrivate);
            return told.equals(distinct.stream()
                    .filter(target -> Domains.isPrivate(target)
                            ? told.contains(target)
                            : !onlyPrivate && Domains.of(target).equals(delivered.domain()))
                    .toList());
        }

        private void altered(String contractCase, int session, int i, Event.Delivered delivered, String what) {
            found.add(new DeliveryViolation.Altered(contractCase, index.name(session), i, delivered.messageId(), what));
        }

        private void checkForReceiver(int session, int i, Event.Delivered delivered, Message message) {
            String member = index.sessions.get(session).member();
            if (message.selfDiscard() && message.sentBy(session)) {
                notForReceiver("G39", session, i, delivered, "it sent it and asked for no copy");
            }
            if (!delivered.groups().isEmpty()
                    && delivered.groups().stream().allMatch(Domains::isPrivate)
                    && !delivered.groups().contains(member)) {
                notForReceiver("G43", session, i, delivered, "it is private to " + delivered.groups());
            }
        }

        private void notForReceiver(String contractCase, int session, int i, Event.Delivered delivered, String why) {
            found.add(new DeliveryViolation.NotForReceiver(
                    contractCase, index.name(session), i, delivered.messageId(), why));
        }

        private void noteDeaths(int i, Event.View view, Event.@Nullable View before, Map<Place, Death> deaths) {
            switch (view.reason()) {
                case DISCONNECT -> view.changed().forEach(member -> noteDeath(i, view, member, deaths));
                case NETWORK -> {
                    if (before != null
                            && before.roster() instanceof Roster.Listed had
                            && view.roster() instanceof Roster.Listed has) {
                        Set<String> remaining = Set.copyOf(has.members());
                        had.members().stream()
                                .filter(member -> !remaining.contains(member))
                                .forEach(member -> noteDeath(i, view, member, deaths));
                    }
                }
                case JOIN, LEAVE -> {}
            }
        }

        /** The session that died is the one that had joined under this name last before. */
        private void noteDeath(int i, Event.View view, String member, Map<Place, Death> deaths) {
            Map.Entry<Position, Integer> joined = joins.getOrDefault(
                            new Key(index.groups.find(view.group()), member), new TreeMap<>())
                    .lowerEntry(view.id());
            List<Integer> bearers = index.sessionsOf(member);
            if (joined != null || bearers.size() == 1) {
                int dead = joined != null ? joined.getValue() : bearers.getFirst();
                deaths.putIfAbsent(new Place(dead, view.id().domain()), new Death(view.group(), i));
            }
        }

        private void checkAlive(
                int session, int i, Event.Delivered delivered, Message message, Map<Place, Death> deaths) {
            if (message.senderSession == Message.UNRECORDED || !message.level().atLeast(Level.FIFO)) {
                return;
            }
            Death death = deaths.get(new Place(message.senderSession, delivered.domain()));
            if (death != null) {
                found.add(new DeliveryViolation.FromTheDead(
                        index.name(session),
                        i,
                        delivered.messageId(),
                        index.name(message.senderSession),
                        death.group(),
                        death.event()));
            }
        }
    }
}
