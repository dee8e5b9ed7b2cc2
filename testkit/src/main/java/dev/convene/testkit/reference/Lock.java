package dev.convene.testkit.reference;

import dev.convene.protocol.Position;
import dev.convene.runtime.Attachment;
import dev.convene.runtime.Request;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One lock: who has it and who waits, in the order in which they came. */
public final class Lock {
    /** Stands for no timer; the ids of timers begin with 1. */
    static final long NO_TIMER = 0;

    /**
     * Who has the lock.
     *
     * @param session the holder
     * @param grant the place of the grant: rises with every grant, so that whoever is given it can refuse older holders
     * @param leaseTimer ends it, or {@link #NO_TIMER}
     */
    public record Holder(Attachment session, Position grant, long leaseTimer) {}

    /**
     * Who wants it.
     *
     * @param id unique within the shard, rising
     * @param request what is answered
     * @param session the session that asks
     * @param leaseMs for how long it may have the lock
     * @param waitTimer ends the wait
     */
    record Waiter(long id, Request request, Attachment session, long leaseMs, long waitTimer) {}

    private final long id;
    private final String name;
    private final Map<Long, Waiter> waiters = new LinkedHashMap<>();
    private @Nullable Holder holder;

    /** @param id unique within the shard, rising */
    Lock(long id, String name) {
        this.id = id;
        this.name = name;
    }

    long id() {
        return id;
    }

    public String name() {
        return name;
    }

    /** Who has it, or null. */
    public @Nullable Holder holder() {
        return holder;
    }

    void holder(@Nullable Holder next) {
        holder = next;
    }

    boolean isHeldBy(Attachment session) {
        return holder != null && holder.session.id() == session.id();
    }

    void add(Waiter waiter) {
        waiters.put(waiter.id, waiter);
    }

    @Nullable Waiter waiter(long waiter) {
        return waiters.get(waiter);
    }

    void remove(Waiter waiter) {
        waiters.remove(waiter.id);
    }

    /** Who waits, oldest first. */
    Collection<Waiter> waiters() {
        return Collections.unmodifiableCollection(waiters.values());
    }

    /** How many wait. */
    public int waiterCount() {
        return waiters.size();
    }

    /** The oldest waiter that can be served now: one whose connection is lost keeps its place and is passed by. */
    @Nullable Waiter next() {
        for (Waiter waiter : waiters.values()) {
            if (!waiter.session.isSuspended()) {
                return waiter;
            }
        }
        return null;
    }

    /** Whether the session has it or waits for it. */
    boolean concerns(Attachment session) {
        return isHeldBy(session) || waiters.values().stream().anyMatch(waiter -> waiter.session.id() == session.id());
    }

    boolean isIdle() {
        return holder == null && waiters.isEmpty();
    }
}
