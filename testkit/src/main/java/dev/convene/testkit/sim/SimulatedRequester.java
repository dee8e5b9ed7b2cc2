package dev.convene.testkit.sim;

import dev.convene.protocol.log.Answer;
import dev.convene.protocol.log.LogEntry;
import dev.convene.protocol.log.Origin;
import dev.convene.runtime.host.log.Topics;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one session, or of a gateway life itself, to one partition, as its gateway numbers and appends them: one
 * append at a time; the same again while its outcome is not known. Belongs to one life of its gateway's process.
 */
public final class SimulatedRequester {
    private record Asked(long number, LogEntry.Command command) {}

    private final Broker broker;
    private final Actor gateway;
    private final String log;
    private final int partition;
    private final long incarnation;
    private final long requester;
    private final int epoch;
    private final ArrayDeque<Asked> unsent = new ArrayDeque<>();
    private final Map<Long, Consumer<Answer>> waiting = new HashMap<>();
    private long lastNumber;
    private boolean sending;

    /** @param lastNumber the last number that the partition has taken from this requester */
    public SimulatedRequester(
            Broker broker,
            Actor gateway,
            String log,
            int partition,
            long incarnation,
            long requester,
            int epoch,
            long lastNumber) {
        this.broker = broker;
        this.gateway = gateway;
        this.log = log;
        this.partition = partition;
        this.incarnation = incarnation;
        this.requester = requester;
        this.epoch = epoch;
        this.lastNumber = lastNumber;
    }

    /**
     * Asks for something.
     *
     * @param seq the client's own number, 0 for none
     * @param payload the application's bytes, or null
     * @param reply is told the answer, at most once
     */
    public void ask(byte[] body, byte @Nullable [] payload, long seq, Consumer<Answer> reply) {
        long number = ++lastNumber;
        Origin origin = new Origin(incarnation, requester, epoch, number, number, seq, "");
        unsent.addLast(new Asked(number, new LogEntry.Command(origin, body, payload)));
        waiting.put(number, reply);
        send();
    }

    /** Something that is neither numbered nor answered: appended once, whatever becomes of it. */
    public void cast(byte[] body, byte @Nullable [] payload) {
        Origin origin = new Origin(incarnation, requester, epoch, 0, 0, 0, "");
        append(new LogEntry.Command(origin, body, payload)).exceptionally(lost -> -1L);
    }

    private void send() {
        Asked next = unsent.peekFirst();
        if (sending || next == null) {
            return;
        }
        sending = true;
        append(next.command).whenComplete((offset, failure) -> {
            sending = false;
            if (failure == null) {
                unsent.remove(next);
            }
            send();
        });
    }

    private java.util.concurrent.CompletableFuture<Long> append(LogEntry.Command command) {
        byte[] bytes = command.toBytes();
        byte[] payload = command.payload();
        return payload == null
                ? broker.append(gateway, Topics.ofLog(log), partition, null, bytes)
                : broker.append(gateway, Topics.ofLog(log), partition, bytes, payload);
    }

    /** An answer was read. */
    public void answered(long number, Answer answer) {
        unsent.removeIf(asked -> asked.number == number);
        Consumer<Answer> reply = waiting.remove(number);
        if (reply != null) {
            reply.accept(answer);
        }
    }

    /** Requests without an answer. */
    public int waitingCount() {
        return waiting.size();
    }
}
