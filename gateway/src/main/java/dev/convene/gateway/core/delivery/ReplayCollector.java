package dev.convene.gateway.core.delivery;

import dev.convene.gateway.core.log.GroupLog;
import dev.convene.gateway.core.log.ReadAhead;
import dev.convene.group.Delivery;
import dev.convene.group.Group;
import dev.convene.group.Member;
import dev.convene.group.QueueGroup;
import dev.convene.group.View;
import dev.convene.protocol.Position;
import dev.convene.protocol.ServiceLevel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Gathers from a pass over the log what resumed sessions missed, and hands it over in chunks. A session for which as much is
 * gathered as may wait is waited for if nobody else wants anything; otherwise its leg stops and the others go on.
 */
final class ReplayCollector implements GroupLog.Replay {
    /** One push, who gets it, and what each of them releases when it has it. */
    record Step(Parcel parcel, List<Leg> to, ReadAhead.Share share) {}

    /** Steps in order. */
    record Chunk(List<Step> steps, long bytes, AtomicLong waiting) {
        void given() {
            waiting.addAndGet(-bytes);
        }

        /** Everybody who gets something. */
        Set<Leg> takers() {
            Set<Leg> all = Collections.newSetFromMap(new IdentityHashMap<>());
            steps.forEach(step -> all.addAll(step.to()));
            return all;
        }
    }

    private static final int STEPS_MAX = 256;
    /** What live messages may have to wait for: steps times their receivers. */
    private static final int GIVEN_MAX = 2048;

    private static final long BYTES_MAX = 1 << 20;
    /** Bytes of chunks that were not given yet. */
    private static final long WAITING_MAX = 8 << 20;

    private final Map<Long, Leg> legs = new HashMap<>();
    private final Pushes pushes;
    private final ReadAhead ahead;
    private final Consumer<Chunk> to;
    private final BooleanSupplier othersWait;
    private final AtomicLong waiting = new AtomicLong();
    /** Legs that were full when they took something last, and have not stopped. */
    private final Set<Leg> full = new LinkedHashSet<>();

    private int open;
    private List<Step> steps = new ArrayList<>();
    private long bytes;
    private int given;
    private long next;

    /**
     * @param legs who wants something
     * @param ahead what is gathered is counted there, and nothing more is read while that is full
     * @param to gets the chunks
     * @param othersWait whether somebody waits for this pass to end; any thread
     */
    ReplayCollector(List<Leg> legs, Pushes pushes, ReadAhead ahead, Consumer<Chunk> to, BooleanSupplier othersWait) {
        this.ahead = ahead;
        legs.forEach(leg -> this.legs.put(leg.want().receiver().id, leg));
        this.open = legs.size();
        this.pushes = pushes;
        this.to = to;
        this.othersWait = othersWait;
    }

    @Override
    public boolean isFull() {
        if (waiting.get() >= WAITING_MAX) {
            return true;
        }
        if (ahead.isFull()) {
            flush();
            return true;
        }
        full.removeIf(leg -> !leg.isFull());
        if (full.isEmpty() || full.size() < open) {
            return false;
        }
        // Readers that are waited for have to get what they are waited for with.
        flush();
        return !othersWait.getAsBoolean()
                && full.stream().anyMatch(leg -> !leg.want().joining().isOver());
    }

    @Override
    public void giveUp() {
        for (Leg leg : legs.values()) {
            leg.stopBefore(next);
        }
        open = 0;
    }

    @Override
    public boolean isEnough() {
        return open == 0;
    }

    @Override
    public void beginRecord(long offset, long timestampMs) {
        next = offset + 1;
        for (Leg leg : full) {
            if (leg.isFull()) {
                leg.stopBefore(offset);
                open--;
            }
        }
        full.clear();
    }

    @Override
    public void message(Delivery delivery) {
        List<Leg> takers = new ArrayList<>(0);
        delivery.forEachReceiver(session -> wanting(session.id(), delivery.at(), takers));
        if (!takers.isEmpty()) {
            boolean ordered = delivery.message().service().number() >= ServiceLevel.CAUSAL.number();
            SharedPush push = pushes.shared(delivery, queueOf(delivery), false);
            add(new Parcel(delivery.at(), push, delivery.message().causes(), ordered), takers);
        }
    }

    private static @Nullable String queueOf(Delivery delivery) {
        if (delivery.queueReceivers().isEmpty()) {
            return null;
        }
        QueueGroup queue = delivery.queueReceivers().getFirst().queue();
        return queue == null ? null : queue.name();
    }

    private void wanting(long session, Position at, List<Leg> takers) {
        Leg leg = legs.get(session);
        if (leg != null && leg.covers(at)) {
            takers.add(leg);
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
        List<Leg> takers = new ArrayList<>(0);
        if (group.size() < legs.size()) {
            for (Member member : group.members()) {
                if (member.membership()) {
                    wanting(member.session().id(), at, takers);
                }
            }
        } else {
            for (Map.Entry<Long, Leg> one : legs.entrySet()) {
                Member member = one.getValue().covers(at) ? group.member(one.getKey()) : null;
                if (member != null && member.membership()) {
                    takers.add(one.getValue());
                }
            }
        }
        if (!takers.isEmpty()) {
            add(new Parcel(at, make.get(), List.of(), false), takers);
        }
    }

    @Override
    public void selfLeft(Position at, Group group, Member leaver) {
        List<Leg> takers = new ArrayList<>(1);
        wanting(leaver.session().id(), at, takers);
        if (!takers.isEmpty()) {
            add(new Parcel(at, pushes.left(at, group), List.of(), false), takers);
        }
    }

    private void add(Parcel parcel, List<Leg> takers) {
        for (Leg leg : takers) {
            leg.take(parcel);
            if (leg.isFull()) {
                full.add(leg);
            }
        }
        steps.add(new Step(parcel, takers, ahead.share(parcel.push().bytes(), takers.size())));
        bytes += parcel.push().bytes();
        given += takers.size();
        if (steps.size() >= STEPS_MAX || bytes >= BYTES_MAX || given >= GIVEN_MAX) {
            flush();
        }
    }

    /** Hands over what is left. */
    void flush() {
        List<Step> chunk = steps;
        long size = bytes;
        steps = new ArrayList<>();
        bytes = 0;
        given = 0;
        if (!chunk.isEmpty()) {
            waiting.addAndGet(size);
            to.accept(new Chunk(chunk, size, waiting));
        }
    }
}
