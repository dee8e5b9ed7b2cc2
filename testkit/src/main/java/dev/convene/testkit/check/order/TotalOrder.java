package dev.convene.testkit.check.order;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Agreed order: all receivers see the messages and views of a domain in one consistent order (G22, G26, G31, G42).
 *
 * <p>Two checks that do not need each other. By positions: at each receiver they rise, one message has one position
 * everywhere and no two things share one. Without positions: the union of the orders that the receivers saw has no
 * cycle, which holds exactly if one total order explains them all, also for receivers that have no message in common.
 * "Total order" is that of Chockler, Keidar, Vitenberg 2001, property 6.6; for open and overlapping groups it is
 * demanded over the whole domain.
 *
 * <p>A receiver that resumed without recovery starts a new chain; what it is told again about its groups is exempt.
 */
public final class TotalOrder implements Checker {

    private final Level weakest;

    /** Judges messages from {@link Level#FIFO} on: on a log the weaker ordered levels have the log's order too. */
    public TotalOrder() {
        this(Level.FIFO);
    }

    /** @param weakest the weakest level whose messages are to be in the order; views always are */
    public TotalOrder(Level weakest) {
        if (!weakest.atLeast(Level.FIFO)) {
            throw new IllegalArgumentException(weakest + " promises no order");
        }
        this.weakest = weakest;
    }

    @Override
    public Violations check(History history) {
        Run run = new Run(history.index());
        run.checkAcknowledgements();
        for (int s = 0; s < history.sessions().size(); s++) {
            run.walk(s);
        }
        run.checkOneOrder();
        return run.found.violations();
    }

    /** One check. Things in the order are numbered: first the copies, then the view instances. */
    private final class Run {

        private final HistoryIndex index;
        private final Violations.Collector found = new Violations.Collector();
        private final Precedence precedence;
        private final Map<Position, Integer> holders = new HashMap<>();
        private final int[] seenBy;

        Run(HistoryIndex index) {
            this.index = index;
            int things = index.copies.size() + index.views.size();
            this.precedence = new Precedence(things);
            this.seenBy = new int[things];
            Arrays.fill(seenBy, -1);
        }

        void walk(int session) {
            List<Event> events = index.sessions.get(session).events();
            Progress[] progress = Progress.none(index.domains.size());
            for (int i = 0; i < events.size(); i++) {
                switch (events.get(i)) {
                    case Event.Delivered delivered -> delivered(session, i, delivered, progress);
                    case Event.View view -> viewed(session, i, view, progress);
                    case Event.Resumed resumed -> {
                        if (!resumed.recovered()) {
                            progress = Progress.none(index.domains.size());
                        }
                    }
                    case Event.Sent sent -> {}
                    case Event.Transitional transitional -> {}
                    case Event.SelfLeave leave -> {}
                    case Event.Disconnected disconnected -> {}
                }
            }
        }

        private void delivered(int session, int i, Event.Delivered delivered, Progress[] progress) {
            int number = index.item(session, i);
            Copy copy = index.copies.get(number);
            Position position = delivered.position();
            if (position != null) {
                checkPosition(session, i, number, position, copy);
            }
            if (index.messageOf(number).level().atLeast(weakest)) {
                next(session, i, number, position, copy.domain, progress);
            }
        }

        private void viewed(int session, int i, Event.View view, Progress[] progress) {
            if (index.isRestated(session, i)) {
                return;
            }
            int number = index.item(session, i);
            int domain = index.views.get(number).domain();
            next(session, i, index.copies.size() + number, view.id(), domain, progress);
            Integer holder = holders.putIfAbsent(view.id(), index.copies.size() + number);
            if (holder != null && holder < index.copies.size()) {
                found.add(new OrderViolation.PositionShared(
                        index.name(session), i, name(index.copies.size() + number), view.id(), name(holder)));
            }
        }

        private void checkPosition(int session, int i, int number, Position position, Copy copy) {
            if (copy.position != null && !copy.position.equals(position)) {
                found.add(new OrderViolation.PositionsDiffer(
                        index.name(session),
                        i,
                        index.messageOf(number).id,
                        position,
                        copy.positionToldTo,
                        copy.position));
                return;
            }
            Integer holder = holders.putIfAbsent(position, number);
            if (holder != null && holder != number) {
                found.add(new OrderViolation.PositionShared(
                        index.name(session), i, name(number), position, name(holder)));
            }
        }

        private void next(int session, int i, int thing, @Nullable Position position, int domain, Progress[] progress) {
            if (seenBy[thing] == session) {
                return;
            }
            seenBy[thing] = session;
            Progress before = progress[domain];
            if (before.thing != Progress.NOTHING) {
                precedence.add(before.thing, thing, session, before.event, i);
            }
            before.thing = thing;
            before.event = i;
            if (position == null) {
                return;
            }
            Position highest = before.highest;
            if (highest != null && !position.isAfter(highest)) {
                checkTie(session, i, thing, position, before, highest);
                return;
            }
            before.highest = position;
            before.highestThing = thing;
            before.highestEvent = i;
        }

        /** Views of several groups that one record makes share its position; nothing else may. */
        private void checkTie(int session, int i, int thing, Position position, Progress before, Position highest) {
            boolean views = isView(thing) && isView(before.highestThing);
            if (views && position.equals(highest)) {
                return;
            }
            found.add(new OrderViolation.PositionWentBack(
                    isView(thing) || isView(before.highestThing) ? "G31" : "G26",
                    index.name(session),
                    i,
                    name(thing),
                    position,
                    before.highestEvent,
                    highest));
        }

        void checkAcknowledgements() {
            for (int s = 0; s < index.sessions.size(); s++) {
                List<Event> events = index.sessions.get(s).events();
                for (int i = 0; i < events.size(); i++) {
                    if (events.get(i) instanceof Event.Sent sent) {
                        for (Position position : sent.acknowledgedAt()) {
                            checkAcknowledgement(s, i, position);
                        }
                    }
                }
            }
        }

        private void checkAcknowledgement(int session, int i, Position position) {
            int number = index.findCopy(index.item(session, i), index.domains.find(position.domain()));
            checkPosition(session, i, number, position, index.copies.get(number));
        }

        void checkOneOrder() {
            List<Precedence.Edge> cycle = precedence.cycle();
            if (cycle.isEmpty()) {
                return;
            }
            boolean viewInvolved = cycle.stream().anyMatch(edge -> isView(edge.from()));
            found.add(new OrderViolation.Contradiction(
                    viewInvolved ? "G31" : "G26", cycle.stream().map(this::step).toList()));
        }

        private OrderViolation.Step step(Precedence.Edge edge) {
            return new OrderViolation.Step(
                    index.name(edge.receiver()), edge.fromIndex(), name(edge.from()), edge.toIndex(), name(edge.to()));
        }

        private boolean isView(int thing) {
            return thing >= index.copies.size();
        }

        private String name(int thing) {
            if (isView(thing)) {
                ViewInstance view = index.views.get(thing - index.copies.size());
                return "view " + view.id() + " of " + view.view().group();
            }
            return "message " + index.messageOf(thing).id;
        }
    }

    /** How far one receiver has come in one domain: the last thing it saw and the highest position of any. */
    private static final class Progress {

        static final int NOTHING = -1;

        int thing = NOTHING;
        int event;

        @Nullable Position highest;

        int highestThing;
        int highestEvent;

        static Progress[] none(int domains) {
            Progress[] none = new Progress[domains];
            Arrays.setAll(none, domain -> new Progress());
            return none;
        }
    }
}
