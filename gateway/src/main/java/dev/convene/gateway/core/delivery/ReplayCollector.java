package dev.convene.gateway.core.delivery;

import dev.convene.gateway.core.log.GroupLog;
import dev.convene.group.Delivery;
import dev.convene.group.Group;
import dev.convene.group.Member;
import dev.convene.group.QueueGroup;
import dev.convene.group.View;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Position;
import dev.convene.protocol.ServiceLevel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Gathers from a pass over the log what resumed sessions missed, and hands it over in bounded chunks. */
final class ReplayCollector implements GroupLog.Replay {
    /** One push and who gets it. */
    record Step(Parcel parcel, List<Want> to) {}

    /** Steps in order. */
    record Chunk(List<Step> steps, Runnable onGiven) {
        void given() {
            onGiven.run();
        }
    }

    private static final int STEPS_MAX = 256;
    private static final long BYTES_MAX = 1 << 20;
    private static final int CHUNKS_AHEAD = 4;
    private static final long WAIT_SECONDS = 10;

    private final Map<Long, Want> wants = new HashMap<>();
    private final Pushes pushes;
    private final Consumer<Chunk> to;
    private final Semaphore ahead = new Semaphore(CHUNKS_AHEAD);

    private List<Step> steps = new ArrayList<>();
    private long bytes;

    ReplayCollector(List<Want> wants, Pushes pushes, Consumer<Chunk> to) {
        wants.forEach(want -> this.wants.put(want.receiver().id, want));
        this.pushes = pushes;
        this.to = to;
    }

    @Override
    public void message(Delivery delivery) {
        List<Want> receivers = new ArrayList<>(0);
        delivery.forEachReceiver(session -> wanting(session.id(), delivery.at(), receivers));
        if (!receivers.isEmpty()) {
            boolean ordered = delivery.message().service().number() >= ServiceLevel.CAUSAL.number();
            SharedPush push = pushes.shared(delivery, queueOf(delivery), false);
            add(new Parcel(delivery.at(), push, delivery.message().causes(), ordered), receivers);
        }
    }

    private static @Nullable String queueOf(Delivery delivery) {
        if (delivery.queueReceivers().isEmpty()) {
            return null;
        }
        QueueGroup queue = delivery.queueReceivers().getFirst().queue();
        return queue == null ? null : queue.name();
    }

    private void wanting(long session, Position at, List<Want> into) {
        Want want = wants.get(session);
        if (want != null && want.covers(at)) {
            into.add(want);
        }
    }

    @Override
    public void view(View view) {
        toWatching(view.group(), view.id(), () -> pushes.shared(view));
    }

    @Override
    public void transitional(Position at, Group group) {
        toWatching(group, at, () -> pushes.transitional(at, group));
    }

    @Override
    public void presence(Position at, Group group, Member member) {
        toWatching(group, at, () -> pushes.presence(at, group, member));
    }

    private void toWatching(Group group, Position at, Supplier<SharedPush> make) {
        List<Want> receivers = new ArrayList<>(0);
        for (Map.Entry<Long, Want> want : wants.entrySet()) {
            Member member = want.getValue().covers(at) ? group.member(want.getKey()) : null;
            if (member != null && member.membership()) {
                receivers.add(want.getValue());
            }
        }
        if (!receivers.isEmpty()) {
            add(new Parcel(at, make.get(), List.of(), false), receivers);
        }
    }

    @Override
    public void selfLeft(Position at, Group group, Member leaver) {
        List<Want> receivers = new ArrayList<>(1);
        wanting(leaver.session().id(), at, receivers);
        if (!receivers.isEmpty()) {
            add(new Parcel(at, pushes.left(at, group), List.of(), false), receivers);
        }
    }

    private void add(Parcel parcel, List<Want> receivers) {
        steps.add(new Step(parcel, receivers));
        bytes += parcel.push().bytes();
        if (steps.size() >= STEPS_MAX || bytes >= BYTES_MAX) {
            handOver();
        }
    }

    private void handOver() {
        try {
            if (!ahead.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
                throw new ConveneException(ErrorCode.OVERLOADED);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConveneException(ErrorCode.SHUTTING_DOWN);
        }
        flush();
    }

    /** Hands over what is left. */
    void flush() {
        List<Step> chunk = steps;
        steps = new ArrayList<>();
        bytes = 0;
        if (!chunk.isEmpty()) {
            to.accept(new Chunk(chunk, ahead::release));
        }
    }
}
