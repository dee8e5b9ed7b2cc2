package dev.convene.testkit.check.order;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Happened-before (Lamport 1978) of a history: every send and receipt of every session, in an order in which each
 * message is sent before it is received.
 *
 * <p>A message whose send nobody recorded is taken as sent by a process of its own kind: one for each sender and domain,
 * which sent in the order of the positions. Messages below {@link Level#FIFO} promise nothing and carry no causality.
 */
final class CausalHistory {

    /** Processes are the recorded sessions, by number, then those made up for unrecorded senders. */
    final int processes;

    /** For each message which process sent it. */
    final int[] senderOf;

    /** For each message the how-manieth its sender sent, from 1; 0 if it carries no causality. */
    final int[] ordinalOf;

    private final HistoryIndex index;
    private final Violations.Collector found;
    private final List<int[]> scripts = new ArrayList<>();
    private final List<int[]> scriptEvents = new ArrayList<>();
    private final Map<Integer, int[]> causes = new HashMap<>();
    private final Steps steps = new Steps();

    /** Sends and receipts in an order that respects causality. */
    static final class Steps {

        private final IntList processes = new IntList();
        private final IntList codes = new IntList();

        int size() {
            return codes.size();
        }

        int process(int step) {
            return processes.get(step);
        }

        int message(int step) {
            return messageIn(codes.get(step));
        }

        boolean isSend(int step) {
            return isSendCode(codes.get(step));
        }

        private void add(int process, int code) {
            processes.add(process);
            codes.add(code);
        }
    }

    CausalHistory(HistoryIndex index, Violations.Collector found) {
        this.index = index;
        this.found = found;
        this.senderOf = new int[index.messages.size()];
        this.ordinalOf = new int[index.messages.size()];
        for (int s = 0; s < index.sessions.size(); s++) {
            addSession(s);
        }
        addUnrecordedSenders();
        this.processes = scripts.size();
        schedule();
    }

    Steps steps() {
        return steps;
    }

    /** The messages named as causes of this one. */
    int[] causesOf(int message) {
        return causes.getOrDefault(message, IntList.EMPTY);
    }

    private static int receive(int message) {
        return message + 1;
    }

    private static int send(int message) {
        return -(message + 1);
    }

    private static boolean isSendCode(int code) {
        return code < 0;
    }

    private static int messageIn(int code) {
        return Math.abs(code) - 1;
    }

    private boolean carries(int message) {
        return index.messages.get(message).level().atLeast(Level.FIFO);
    }

    private void addSession(int s) {
        List<Event> events = index.sessions.get(s).events();
        IntList script = new IntList();
        IntList at = new IntList();
        int ordinal = 0;
        for (int i = 0; i < events.size(); i++) {
            if (events.get(i) instanceof Event.Sent) {
                int message = index.item(s, i);
                senderOf[message] = s;
                if (carries(message)) {
                    ordinalOf[message] = ++ordinal;
                    script.add(send(message));
                    at.add(i);
                }
            } else if (events.get(i) instanceof Event.Delivered delivered) {
                int message = index.copies.get(index.item(s, i)).message;
                noteCauses(message, delivered);
                if (carries(message)) {
                    script.add(receive(message));
                    at.add(i);
                }
            }
        }
        scripts.add(script.toArray());
        scriptEvents.add(at.toArray());
    }

    private void noteCauses(int message, Event.Delivered delivered) {
        if (delivered.causes().isEmpty() || causes.containsKey(message)) {
            return;
        }
        IntList known = new IntList();
        for (String cause : delivered.causes()) {
            int number = index.findMessage(cause);
            if (number != Interner.UNKNOWN && carries(number)) {
                known.add(number);
            }
        }
        causes.put(message, known.toArray());
    }

    private record UnrecordedSender(String name, int domain) {}

    private void addUnrecordedSenders() {
        Map<UnrecordedSender, List<Copy>> byName =
                new TreeMap<>(Comparator.comparing(UnrecordedSender::name).thenComparingInt(UnrecordedSender::domain));
        boolean[] done = new boolean[index.messages.size()];
        for (Copy copy : index.copies) {
            Message message = index.messages.get(copy.message);
            if (message.senderSession == Message.UNRECORDED && carries(copy.message) && !done[copy.message]) {
                done[copy.message] = true;
                byName.computeIfAbsent(
                                new UnrecordedSender(message.senderTold(), copy.domain), sender -> new ArrayList<>())
                        .add(copy);
            }
        }
        for (List<Copy> sent : byName.values()) {
            sent.sort(Comparator.comparing(
                    (Copy copy) -> copy.position, Comparator.nullsFirst(Comparator.naturalOrder())));
            IntList script = new IntList();
            int ordinal = 0;
            for (Copy copy : sent) {
                senderOf[copy.message] = scripts.size();
                ordinalOf[copy.message] = ++ordinal;
                script.add(send(copy.message));
            }
            scripts.add(script.toArray());
            scriptEvents.add(new int[script.size()]);
        }
    }

    /** Runs all processes side by side; whoever needs a message that is not sent yet waits for it. */
    private void schedule() {
        int[] next = new int[processes];
        boolean[] sent = new boolean[index.messages.size()];
        Map<Integer, IntList> waiting = new HashMap<>();
        ArrayDeque<Integer> ready = new ArrayDeque<>();
        for (int p = 0; p < processes; p++) {
            ready.add(p);
        }
        int stuckFrom = 0;
        while (true) {
            while (!ready.isEmpty()) {
                run(ready.remove(), next, sent, waiting, ready);
            }
            while (stuckFrom < processes && next[stuckFrom] == scripts.get(stuckFrom).length) {
                stuckFrom++;
            }
            if (stuckFrom == processes) {
                return;
            }
            breakCycle(stuckFrom, next, sent, waiting);
            ready.add(stuckFrom);
        }
    }

    private void run(
            int process, int[] next, boolean[] sent, Map<Integer, IntList> waiting, ArrayDeque<Integer> ready) {
        int[] script = scripts.get(process);
        while (next[process] < script.length) {
            int code = script[next[process]];
            int needed = firstMissing(code, sent);
            if (needed >= 0) {
                waiting.computeIfAbsent(needed, message -> new IntList()).add(process);
                return;
            }
            steps.add(process, code);
            next[process]++;
            if (isSendCode(code)) {
                sent[messageIn(code)] = true;
                wake(waiting.remove(messageIn(code)), ready);
            }
        }
    }

    private int firstMissing(int code, boolean[] sent) {
        int message = messageIn(code);
        if (!isSendCode(code)) {
            return sent[message] ? -1 : message;
        }
        for (int cause : causesOf(message)) {
            if (!sent[cause]) {
                return cause;
            }
        }
        return -1;
    }

    private static void wake(@Nullable IntList waiters, ArrayDeque<Integer> ready) {
        if (waiters != null) {
            for (int i = 0; i < waiters.size(); i++) {
                ready.add(waiters.get(i));
            }
        }
    }

    /** Everybody waits for everybody: reports what this process waits for and lets it go on without. */
    private void breakCycle(int process, int[] next, boolean[] sent, Map<Integer, IntList> waiting) {
        int code = scripts.get(process)[next[process]];
        int missing = firstMissing(code, sent);
        IntList waiters = waiting.get(missing);
        if (waiters != null) {
            waiters.remove(process);
        }
        Message message = index.messages.get(missing);
        boolean recorded = process < index.sessions.size();
        found.add(new OrderViolation.DeliveredBeforeSent(
                recorded ? index.name(process) : message.senderTold(),
                scriptEvents.get(process)[next[process]],
                message.id,
                message.senderSession == Message.UNRECORDED ? message.senderTold() : index.name(message.senderSession),
                message.sentAt));
        if (isSendCode(code)) {
            causes.put(messageIn(code), IntList.EMPTY);
        } else {
            next[process]++;
        }
    }
}
