package dev.convene.testkit.check.order;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * First in, first out: what one session sent at {@link Level#FIFO} or stronger comes to every receiver in the order in
 * which it was sent, over all groups of a domain and also when the levels are mixed (G27, G30, G36).
 *
 * <p>Only messages whose send was recorded are judged. Order across domains is the business of {@link CausalOrder}.
 */
public final class FifoOrder implements Checker {

    @Override
    public Violations check(History history) {
        HistoryIndex index = history.index();
        Violations.Collector found = new Violations.Collector();
        for (int receiver = 0; receiver < history.sessions().size(); receiver++) {
            new Receiver(index, receiver, found).walk();
        }
        return found.violations();
    }

    /** What of one sender in one domain this receiver has that was sent last, and where it got it. */
    private record Latest(int copy, int event) {}

    private record Channel(int sender, int domain) {}

    private static final class Receiver {

        private final HistoryIndex index;
        private final int receiver;
        private final Violations.Collector found;
        private final Map<Channel, Latest> latest = new HashMap<>();

        Receiver(HistoryIndex index, int receiver, Violations.Collector found) {
            this.index = index;
            this.receiver = receiver;
            this.found = found;
        }

        void walk() {
            List<Event> events = index.sessions.get(receiver).events();
            for (int i = 0; i < events.size(); i++) {
                if (events.get(i) instanceof Event.Delivered) {
                    delivered(i, index.item(receiver, i));
                }
            }
        }

        private void delivered(int event, int copy) {
            Message message = index.messageOf(copy);
            if (message.senderSession == Message.UNRECORDED || !message.level().atLeast(Level.FIFO)) {
                return;
            }
            Channel channel = new Channel(message.senderSession, index.copies.get(copy).domain);
            Latest before = latest.get(channel);
            if (before != null && index.messageOf(before.copy).sentAt > message.sentAt) {
                Message later = index.messageOf(before.copy);
                found.add(new OrderViolation.FifoInverted(
                        later.level() == message.level() ? "G27" : "G30",
                        index.name(receiver),
                        event,
                        index.name(message.senderSession),
                        message.id,
                        later.id,
                        before.event));
                return;
            }
            latest.put(channel, new Latest(copy, event));
        }
    }
}
