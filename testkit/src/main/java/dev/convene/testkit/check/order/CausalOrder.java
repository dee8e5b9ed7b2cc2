package dev.convene.testkit.check.order;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Causal order: no receiver gets a message before one that causally precedes it, across groups, domains and gateways
 * (G29), and what a session sends after it received a view is placed after that view (G32).
 *
 * <p>Both messages have to be {@link Level#CAUSAL} or stronger. Precedence is Lamport's happened-before, transitively
 * also through messages that the receiver never gets: what a session sent earlier, and what it had received when it
 * sent. It is computed with vector clocks (Fidge, Mattern 1988), a block of columns at a time, so that memory stays
 * bounded however many senders there are.
 */
public final class CausalOrder implements Checker {

    private static final int CLOCKS_MAX = 8_000_000;
    private static final int COLUMNS_MAX = 64;

    @Override
    public Violations check(History history) {
        Violations.Collector found = new Violations.Collector();
        HistoryIndex index = history.index();
        checkViewsPrecede(index, found);
        new Run(index, found).check();
        return found.violations();
    }

    private static void checkViewsPrecede(HistoryIndex index, Violations.Collector found) {
        for (int s = 0; s < index.sessions.size(); s++) {
            List<Event> events = index.sessions.get(s).events();
            Map<Integer, Position> latestView = new HashMap<>();
            for (int i = 0; i < events.size(); i++) {
                switch (events.get(i)) {
                    case Event.View view -> viewed(index, latestView, view.id());
                    case Event.SelfLeave leave -> {
                        if (leave.position() != null) {
                            viewed(index, latestView, leave.position());
                        }
                    }
                    case Event.Sent sent -> checkAfterViews(index, s, i, latestView, found);
                    case Event.Delivered delivered -> {}
                    case Event.Transitional transitional -> {}
                    case Event.Disconnected disconnected -> {}
                    case Event.Resumed resumed -> {}
                }
            }
        }
    }

    private static void viewed(HistoryIndex index, Map<Integer, Position> latestView, Position id) {
        latestView.merge(index.domains.find(id.domain()), id, (before, now) -> now.isAfter(before) ? now : before);
    }

    private static void checkAfterViews(
            HistoryIndex index, int session, int event, Map<Integer, Position> latestView, Violations.Collector found) {
        int message = index.item(session, event);
        if (!index.messages.get(message).level().atLeast(Level.FIFO)) {
            return;
        }
        latestView.forEach((domain, view) -> {
            int copy = index.findCopy(message, domain);
            Position position = copy == Interner.UNKNOWN ? null : index.copies.get(copy).position;
            if (position != null && position.isBefore(view)) {
                found.add(new OrderViolation.OvertookView(
                        index.name(session), event, index.messages.get(message).id, position, view));
            }
        });
    }

    /** The vector clocks of all messages, for one block of senders after the other. */
    private static final class Run {

        private final HistoryIndex index;
        private final Violations.Collector found;
        private final CausalHistory causality;
        private final int[] causalSenders;
        private final int columnsPerBlock;
        private final int[] columnOf;
        private final List<Receipts> receivers = new ArrayList<>();

        /** The first receipts of causal messages at one session: which message, and as which event. */
        private record Receipts(int session, int[] messages, int[] events) {}

        Run(HistoryIndex index, Violations.Collector found) {
            this.index = index;
            this.found = found;
            this.causality = new CausalHistory(index, found);
            int messages = index.messages.size();
            boolean[] sends = new boolean[causality.processes];
            for (int m = 0; m < messages; m++) {
                if (isCausal(m)) {
                    sends[causality.senderOf[m]] = true;
                }
            }
            IntList senders = new IntList();
            for (int p = 0; p < sends.length; p++) {
                if (sends[p]) {
                    senders.add(p);
                }
            }
            this.causalSenders = senders.toArray();
            this.columnsPerBlock = Math.clamp(CLOCKS_MAX / Math.max(1, messages), 4, COLUMNS_MAX);
            this.columnOf = new int[causality.processes];
            collectReceipts();
        }

        private boolean isCausal(int message) {
            return causality.ordinalOf[message] > 0
                    && index.messages.get(message).level().atLeast(Level.CAUSAL);
        }

        private void collectReceipts() {
            int[] gotBy = new int[index.messages.size()];
            Arrays.fill(gotBy, -1);
            for (int s = 0; s < index.sessions.size(); s++) {
                List<Event> events = index.sessions.get(s).events();
                IntList messages = new IntList();
                IntList at = new IntList();
                for (int i = 0; i < events.size(); i++) {
                    if (events.get(i) instanceof Event.Delivered) {
                        int message = index.copies.get(index.item(s, i)).message;
                        if (gotBy[message] != s && isCausal(message)) {
                            gotBy[message] = s;
                            messages.add(message);
                            at.add(i);
                        }
                    }
                }
                receivers.add(new Receipts(s, messages.toArray(), at.toArray()));
            }
        }

        void check() {
            for (int from = 0; from < causalSenders.length; from += columnsPerBlock) {
                int columns = Math.min(columnsPerBlock, causalSenders.length - from);
                Arrays.fill(columnOf, -1);
                for (int c = 0; c < columns; c++) {
                    columnOf[causalSenders[from + c]] = c;
                }
                int[] clocks = clocks(columns);
                for (Receipts receiver : receivers) {
                    check(receiver, clocks, columns);
                }
            }
        }

        /** For each message and column how many messages of that sender causally precede it. */
        private int[] clocks(int columns) {
            int[] ofMessage = new int[index.messages.size() * columns];
            int[] ofProcess = new int[causality.processes * columns];
            CausalHistory.Steps steps = causality.steps();
            for (int step = 0; step < steps.size(); step++) {
                int message = steps.message(step);
                int process = steps.process(step) * columns;
                if (steps.isSend(step)) {
                    for (int cause : causality.causesOf(message)) {
                        learn(ofProcess, process, ofMessage, cause, columns);
                    }
                    System.arraycopy(ofProcess, process, ofMessage, message * columns, columns);
                    raise(ofProcess, process, message);
                } else {
                    learn(ofProcess, process, ofMessage, message, columns);
                }
            }
            return ofMessage;
        }

        private void learn(int[] ofProcess, int process, int[] ofMessage, int message, int columns) {
            int from = message * columns;
            for (int c = 0; c < columns; c++) {
                ofProcess[process + c] = Math.max(ofProcess[process + c], ofMessage[from + c]);
            }
            raise(ofProcess, process, message);
        }

        private void raise(int[] ofProcess, int process, int message) {
            int column = columnOf[causality.senderOf[message]];
            if (column >= 0) {
                ofProcess[process + column] = Math.max(ofProcess[process + column], causality.ordinalOf[message]);
            }
        }

        /** Goes backwards: of what comes later, the message that each sender sent first decides. */
        private void check(Receipts receiver, int[] clocks, int columns) {
            int[] firstOrdinal = new int[columns];
            int[] firstAt = new int[columns];
            Arrays.fill(firstOrdinal, Integer.MAX_VALUE);
            for (int i = receiver.messages.length - 1; i >= 0; i--) {
                int message = receiver.messages[i];
                int clock = message * columns;
                for (int c = 0; c < columns; c++) {
                    if (clocks[clock + c] >= firstOrdinal[c]) {
                        report(receiver, i, firstAt[c]);
                        break;
                    }
                }
                int own = columnOf[causality.senderOf[message]];
                if (own >= 0 && causality.ordinalOf[message] < firstOrdinal[own]) {
                    firstOrdinal[own] = causality.ordinalOf[message];
                    firstAt[own] = i;
                }
            }
        }

        private void report(Receipts receiver, int effect, int cause) {
            found.add(new OrderViolation.EffectBeforeCause(
                    index.name(receiver.session),
                    receiver.events[effect],
                    index.messages.get(receiver.messages[effect]).id,
                    receiver.events[cause],
                    index.messages.get(receiver.messages[cause]).id));
        }
    }
}
