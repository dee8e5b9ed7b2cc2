package dev.convene.systemtests.simulation;

import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Position;
import dev.convene.protocol.group.GroupCommand;
import dev.convene.protocol.group.GroupCommand.Cause;
import dev.convene.protocol.log.Answer;
import dev.convene.testkit.check.order.Event;
import dev.convene.testkit.sim.SimulatedRequester;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A session as one gateway serves it under one epoch: its requests, what waits for it, what it has seen. */
final class ServedSession {
    /** A request of its client. */
    record Ask(int partition, GroupCommand command, long seq, Consumer<Answer> reply) {}

    final GatewayModel gateway;
    final ClientModel client;
    final long id;
    final int epoch;
    final Link link;

    private final Map<Integer, SimulatedRequester> requesters = new TreeMap<>();
    private final Map<Integer, Deque<Told>> streams = new TreeMap<>();
    /** The newest offset of each partition that it has seen, or that precedes what it has seen. */
    private final Map<Integer, Long> vector = new TreeMap<>();

    private final Deque<Ask> asks = new ArrayDeque<>();
    private int unanswered;
    private int unansweredIn;

    ServedSession(GatewayModel gateway, ClientModel client, long id, int epoch, Link link) {
        this.gateway = gateway;
        this.client = client;
        this.id = id;
        this.epoch = epoch;
        this.link = link;
    }

    /** Its requests to this partition count from now on, and it is told what happens there. */
    void attached(int partition, long lastNumber) {
        requesters.put(partition, gateway.requesterOf(this, partition, lastNumber));
        streams.putIfAbsent(partition, new ArrayDeque<>());
    }

    boolean isAttachedTo(int partition) {
        return requesters.containsKey(partition);
    }

    void seen(int partition, long offset) {
        vector.merge(partition, offset, Math::max);
    }

    void seen(Told told) {
        seen(told.partition(), told.at().offset());
        told.causes().forEach(cause -> seen(cause.partition(), cause.offset()));
    }

    /** Asks when nothing is unanswered in another partition: what comes later must not be seen first there. */
    void ask(Ask ask) {
        asks.addLast(ask);
        sendNext();
    }

    private void sendNext() {
        Ask next;
        while ((next = asks.peekFirst()) != null && (unanswered == 0 || unansweredIn == next.partition)) {
            asks.removeFirst();
            send(next);
        }
    }

    private void send(Ask ask) {
        SimulatedRequester requester = requesters.get(ask.partition);
        if (requester == null) {
            throw new IllegalStateException("session " + id + " is not attached to partition " + ask.partition);
        }
        GroupCommand command =
                ask.command instanceof GroupCommand.Multicast m ? withCauses(m, ask.partition) : ask.command;
        byte[] payload = command instanceof GroupCommand.Multicast m ? m.payload() : null;
        if (ask.seq < 0) {
            requester.cast(command.toBytes(), payload);
            return;
        }
        unanswered++;
        unansweredIn = ask.partition;
        requester.ask(command.toBytes(), payload, ask.seq, answer -> {
            unanswered--;
            if (answer.error() == ErrorCode.REQUEST_FORGOTTEN) {
                throw new AssertionError("request " + ask.seq + " of " + client.name() + " is forgotten");
            }
            if (answer.isOk()) {
                seen(ask.partition, answer.at().offset());
            }
            ask.reply.accept(answer);
            sendNext();
        });
    }

    private GroupCommand.Multicast withCauses(GroupCommand.Multicast m, int partition) {
        List<Cause> causes = new ArrayList<>();
        vector.forEach((other, offset) -> {
            if (other != partition) {
                causes.add(new Cause(other, offset));
            }
        });
        return new GroupCommand.Multicast(
                m.groups(),
                m.from(),
                m.service(),
                m.type(),
                m.selfDiscard(),
                m.content(),
                m.replyTo(),
                m.correlation(),
                causes,
                m.payload());
    }

    void answered(int partition, long number, Answer answer) {
        SimulatedRequester requester = requesters.get(partition);
        if (requester != null) {
            requester.answered(number, answer);
        }
    }

    /** Something is for it: it goes out when what precedes it elsewhere has gone out. */
    void hear(Told told) {
        Deque<Told> stream = streams.get(told.partition());
        if (stream != null) {
            stream.addLast(told);
        }
    }

    /** Gives its client what may go. */
    void pump() {
        boolean progress = true;
        while (progress) {
            progress = false;
            for (Deque<Told> stream : streams.values()) {
                Told head;
                while ((head = stream.peekFirst()) != null && mayGo(head)) {
                    stream.removeFirst();
                    progress = true;
                    go(plant(head, stream));
                }
            }
        }
    }

    private boolean mayGo(Told told) {
        if (!told.waits() || gateway.has(Fault.IGNORES_CAUSES)) {
            return true;
        }
        for (Cause cause : told.causes()) {
            if (streams.containsKey(cause.partition()) && goneThrough(cause.partition()) < cause.offset()) {
                return false;
            }
        }
        return true;
    }

    private long goneThrough(int partition) {
        Told head = streams.getOrDefault(partition, new ArrayDeque<>()).peekFirst();
        return head == null
                ? gateway.reader(partition).view().nextOffset() - 1
                : head.at().offset() - 1;
    }

    /** The planted faults of deliveries. */
    private @Nullable Told plant(Told told, Deque<Told> stream) {
        if (told.event() instanceof Event.View
                && gateway.has(Fault.LOSES_VIEWS)
                && gateway.dice().chance(5)) {
            return null;
        }
        boolean overtaken = gateway.has(Fault.REORDERS) && told.event() instanceof Event.Delivered
                || gateway.has(Fault.DELIVERS_BEFORE_THE_VIEW) && told.event() instanceof Event.View;
        Told next = stream.peekFirst();
        if (overtaken && next != null && next.event() instanceof Event.Delivered) {
            stream.removeFirst();
            stream.addFirst(told);
            return next;
        }
        return told;
    }

    private void go(@Nullable Told told) {
        if (told != null) {
            seen(told);
            link.push(() -> client.receive(told));
        }
    }

    /** Whether everything has gone out and been answered. */
    boolean isIdle() {
        return asks.isEmpty() && unanswered == 0 && streams.values().stream().allMatch(Deque::isEmpty);
    }

    /** The position from which a resume goes on, moved by the planted faults. */
    static Position from(Position given, List<Position> before, List<Position> after, GatewayModel gateway) {
        if (gateway.has(Fault.REPEATS_ON_RESUME) && before.size() > 1) {
            return before.get(before.size() - 2);
        }
        if (gateway.has(Fault.SKIPS_ON_RESUME) && !after.isEmpty()) {
            return after.getFirst();
        }
        return given;
    }
}
