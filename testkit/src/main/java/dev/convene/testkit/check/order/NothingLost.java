package dev.convene.testkit.check.order;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A message that is in the order comes to everybody who was a member of a target group at its position: what was
 * acknowledged (G25, G52, G59), and what any other receiver got (uniform agreement, G65). The same for a message to a
 * private name.
 *
 * <p>Demanded is only what a receiver must have: everything before the last it got in order, and, if its recorder waited
 * until nothing more was to come, everything. What lies in the gap of a resume without recovery is not demanded, nor
 * {@link Level#UNRELIABLE} messages, nor a copy for a sender that asked for none.
 *
 * <p>A group in which only one of the members gets a message is no subject of this checker; leave its messages out.
 */
public final class NothingLost implements Checker {

    @Override
    public Violations check(History history) {
        Run run = new Run(history.index());
        for (int s = 0; s < history.sessions().size(); s++) {
            run.walk(s);
        }
        return run.found.violations();
    }

    private static final class Run {

        private final HistoryIndex index;
        private final Timelines timelines;
        private final Violations.Collector found = new Violations.Collector();
        private final List<List<Ordered>> toGroup = new ArrayList<>();
        private final Map<String, List<Ordered>> toPrivate = new HashMap<>();

        /** A copy whose place is known. */
        private record Ordered(int copy, Position position) {}

        Run(HistoryIndex index) {
            this.index = index;
            this.timelines = Timelines.of(index);
            for (int g = 0; g < index.groups.size(); g++) {
                toGroup.add(new ArrayList<>());
            }
            for (int c = 0; c < index.copies.size(); c++) {
                Position position = index.copies.get(c).position;
                if (position != null && index.messageOf(c).level().atLeast(Level.RELIABLE)) {
                    addToTargets(new Ordered(c, position));
                }
            }
            toGroup.forEach(messages -> messages.sort(Comparator.comparing(Ordered::position)));
        }

        private void addToTargets(Ordered ordered) {
            for (int group : index.groupsOf(ordered.copy)) {
                toGroup.get(group).add(ordered);
            }
            if (isAcknowledgedInOneDomain(ordered)) {
                index.messageOf(ordered.copy).targets().stream()
                        .distinct()
                        .filter(Domains::isPrivate)
                        .forEach(name -> toPrivate
                                .computeIfAbsent(name, key -> new ArrayList<>())
                                .add(ordered));
            }
        }

        /** Which of several domains carries a private target is not told. */
        private boolean isAcknowledgedInOneDomain(Ordered ordered) {
            return index.copies.get(ordered.copy).acknowledged
                    && Objects.requireNonNull(index.messageOf(ordered.copy).sent)
                                    .acknowledgedAt()
                                    .size()
                            == 1;
        }

        void walk(int session) {
            SessionHistory history = index.sessions.get(session);
            BitSet got = new BitSet();
            for (int i = 0; i < history.events().size(); i++) {
                if (history.events().get(i) instanceof Event.Delivered) {
                    got.set(index.item(session, i));
                }
            }
            Reach reach = new Reach(index, session);
            for (Spans.Span span : Spans.of(index, timelines, session)) {
                List<Ordered> messages = toGroup.get(span.group());
                for (int i = firstNotBefore(messages, span.from()); i < messages.size(); i++) {
                    Ordered message = messages.get(i);
                    if (!span.contains(message.position)) {
                        break;
                    }
                    demand(session, got, reach, message, index.groups.value(span.group()));
                }
            }
            if (index.sessionsOf(history.member()).size() == 1) {
                for (Ordered message : toPrivate.getOrDefault(history.member(), List.of())) {
                    if (reach.hadStartedBefore(message.position)) {
                        demand(session, got, reach, message, history.member());
                    }
                }
            }
        }

        private static int firstNotBefore(List<Ordered> messages, Position position) {
            int low = 0;
            int high = messages.size();
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (messages.get(middle).position.compareTo(position) < 0) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low;
        }

        private void demand(int session, BitSet got, Reach reach, Ordered ordered, String target) {
            if (got.get(ordered.copy)) {
                return;
            }
            Message message = index.messageOf(ordered.copy);
            boolean discarded = message.selfDiscard() && message.sentBy(session);
            boolean inOrder = message.level().atLeast(Level.FIFO);
            if (!discarded && reach.mustHave(ordered.position) && (inOrder || reach.isDrained())) {
                found.addLazily(() -> lost(session, reach, ordered, message, target));
            }
        }

        private Violation lost(int session, Reach reach, Ordered ordered, Message message, String target) {
            Copy copy = index.copies.get(ordered.copy);
            int gap = reach.firstEventAfter(ordered.position);
            return new DeliveryViolation.MessageLost(
                    copy.acknowledged ? hasResumedBy(session, gap) ? "G59" : "G52" : "G65",
                    index.name(session),
                    gap,
                    message.id,
                    Objects.requireNonNull(copy.position),
                    target,
                    copy.acknowledged
                            ? index.name(message.senderSession) + " got an acknowledgement"
                            : copy.deliveredTo + " got it");
        }

        private boolean hasResumedBy(int session, int gap) {
            List<Event> events = index.sessions.get(session).events();
            for (int i = Math.min(gap, events.size() - 1); i >= 0; i--) {
                if (events.get(i) instanceof Event.Resumed) {
                    return true;
                }
            }
            return false;
        }
    }
}
