package dev.convene.testkit.reference;

import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.log.Answer;
import dev.convene.protocol.log.Decoder;
import dev.convene.protocol.log.Encoder;
import dev.convene.protocol.log.MalformedRecordException;
import dev.convene.runtime.Attachment;
import dev.convene.runtime.Change;
import dev.convene.runtime.Effects;
import dev.convene.runtime.Request;
import dev.convene.runtime.SessionEnd;
import dev.convene.runtime.Shard;
import dev.convene.runtime.ShardContext;
import dev.convene.runtime.Timer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Named locks as a state machine; the example of how a shard is written.
 *
 * <ul>
 *   <li>{@link #prepare} looks and refuses; only the {@link Change} that it returns touches the state.
 *   <li>Whatever makes a lock free or a waiter able to be served ends in {@link #serve}: there is one place where locks are
 *       given.
 *   <li>Every map keeps the order of its history or is sorted, and everything that decides is in the snapshot.
 *   <li>A request that waits is kept whole and answered later, whoever the owner is then.
 * </ul>
 *
 * <p>An answer's body is empty; its position is that of the request. Grants are counted in another partition: a command
 * sent there arrives once and in order, some time later.
 */
public final class LockShard implements Shard<LockCommand> {
    /** The name of the log of locks. */
    public static final String LOG = "locks";
    /** The partition in which grants are counted. */
    public static final int COUNTS_PARTITION = 1;
    /** Locks of one partition that are held or waited for. */
    public static final int LOCKS_MAX = 100_000;
    /** Longest name of a lock, in characters. */
    public static final int NAME_MAX = 128;
    /** Longest wait and longest lease, milliseconds. */
    public static final long TIME_MAX_MS = 3_600_000;

    private static final int SNAPSHOT_VERSION = 1;
    /** Timer kind: a wait is over; the key is the waiter's id. */
    private static final int WAIT = 1;
    /** Timer kind: a lease is over; the key is the lock's id. Cancelled when the holder goes, so it is never a stale one. */
    private static final int LEASE = 2;

    private final Map<String, Lock> locks = new LinkedHashMap<>();
    /** The same locks by id. */
    private final Map<Long, Lock> byId = new LinkedHashMap<>();
    /** Which lock a waiter waits for. */
    private final Map<Long, Lock> byWaiter = new LinkedHashMap<>();
    /** The names of the locks that each session has or waits for, sorted: an order that needs no place in snapshots. */
    private final Map<Long, NavigableSet<String>> bySession = new LinkedHashMap<>();

    private final Map<String, Long> grants = new LinkedHashMap<>();
    private long lastId;
    private @Nullable ShardContext context;

    @Override
    public void begin(ShardContext surroundings) {
        context = surroundings;
    }

    private ShardContext context() {
        if (context == null) {
            throw new IllegalStateException("begin comes first");
        }
        return context;
    }

    /** The lock if somebody has it or waits for it. For reads by the shard's thread. */
    public @Nullable Lock lock(String name) {
        return locks.get(name);
    }

    /** All of them, in the order in which they came into being. For reads by the shard's thread. */
    public Collection<Lock> locks() {
        return Collections.unmodifiableCollection(locks.values());
    }

    /** How many grants of each lock were counted here. For reads by the shard's thread. */
    public Map<String, Long> grants() {
        return Collections.unmodifiableMap(grants);
    }

    @Override
    public LockCommand decode(byte[] body, byte @Nullable [] payload) {
        return LockCommand.read(body);
    }

    @Override
    public Change prepare(LockCommand command, Request request) {
        return switch (command) {
            case LockCommand.Acquire c -> acquire(c, request);
            case LockCommand.Release c -> release(c, request);
            case LockCommand.CountGrant c -> countGrant(c, request);
        };
    }

    private Change acquire(LockCommand.Acquire c, Request request) {
        Attachment session = request.session();
        if (session == null || !request.isAnswered()) {
            return Change.refuse(request, ErrorCode.NOT_CONNECTED);
        }
        if (c.lock().isEmpty() || c.lock().length() > NAME_MAX || !isTime(c.waitMs()) || !isTime(c.leaseMs())) {
            return Change.refuse(request, ErrorCode.BAD_FIELD);
        }
        Lock present = locks.get(c.lock());
        if (present == null && locks.size() >= LOCKS_MAX) {
            return Change.refuse(request, ErrorCode.OVERLOADED);
        }
        if (present != null && c.waitMs() == 0 && (present.holder() != null || present.next() != null)) {
            return Change.refuse(request, ErrorCode.TIMED_OUT);
        }
        return effects -> {
            Lock lock = findOrCreate(c.lock());
            long id = ++lastId;
            long timer = c.waitMs() == 0 ? Lock.NO_TIMER : context().after(c.waitMs(), WAIT, id);
            lock.add(new Lock.Waiter(id, request, session, c.leaseMs(), timer));
            byWaiter.put(id, lock);
            concern(session, lock);
            serve(lock, effects);
        };
    }

    private Lock findOrCreate(String name) {
        Lock present = locks.get(name);
        if (present != null) {
            return present;
        }
        Lock lock = new Lock(++lastId, name);
        locks.put(name, lock);
        byId.put(lock.id(), lock);
        return lock;
    }

    private static boolean isTime(long ms) {
        return ms >= 0 && ms <= TIME_MAX_MS;
    }

    private Change release(LockCommand.Release c, Request request) {
        Attachment session = request.session();
        Lock lock = locks.get(c.lock());
        if (session == null || lock == null || !lock.isHeldBy(session)) {
            return Change.refuse(request, ErrorCode.FORBIDDEN);
        }
        return effects -> {
            effects.answer(request, Answer.ok(request.position()));
            free(lock, effects);
        };
    }

    /** Counts what another partition has given: nobody else may say so. */
    private Change countGrant(LockCommand.CountGrant c, Request request) {
        if (request.origin() != null) {
            return Change.refuse(request, ErrorCode.FORBIDDEN);
        }
        return effects -> grants.merge(c.lock(), 1L, Long::sum);
    }

    /** Takes the lock from its holder and gives it to the next. */
    private void free(Lock lock, Effects effects) {
        Lock.Holder holder = lock.holder();
        if (holder != null) {
            if (holder.leaseTimer() != Lock.NO_TIMER) {
                context().cancel(holder.leaseTimer());
            }
            lock.holder(null);
            unconcern(holder.session(), lock);
        }
        serve(lock, effects);
    }

    /** Gives a free lock to the first waiter that can be served; forgets the lock if nobody wants it. */
    private void serve(Lock lock, Effects effects) {
        Lock.Waiter next = lock.holder() == null ? lock.next() : null;
        if (next != null) {
            stopWaiting(lock, next);
            long lease = next.leaseMs() == 0 ? Lock.NO_TIMER : context().after(next.leaseMs(), LEASE, lock.id());
            lock.holder(new Lock.Holder(next.session(), effects.next(), lease));
            concern(next.session(), lock);
            effects.answer(next.request(), Answer.ok(next.request().position()));
            effects.forward(LOG, COUNTS_PARTITION, new LockCommand.CountGrant(lock.name()).toBytes());
        }
        if (lock.isIdle()) {
            locks.remove(lock.name());
            byId.remove(lock.id());
        }
    }

    private void stopWaiting(Lock lock, Lock.Waiter waiter) {
        lock.remove(waiter);
        byWaiter.remove(waiter.id());
        if (waiter.waitTimer() != Lock.NO_TIMER) {
            context().cancel(waiter.waitTimer());
        }
        unconcern(waiter.session(), lock);
    }

    private void concern(Attachment session, Lock lock) {
        bySession.computeIfAbsent(session.id(), id -> new TreeSet<>()).add(lock.name());
    }

    /** Forgets that the lock concerns the session, unless it still has it or waits for it. */
    private void unconcern(Attachment session, Lock lock) {
        NavigableSet<String> names = bySession.get(session.id());
        if (names != null && !lock.concerns(session)) {
            names.remove(lock.name());
            if (names.isEmpty()) {
                bySession.remove(session.id());
            }
        }
    }

    private List<Lock> locksOf(Attachment session) {
        List<Lock> found = new ArrayList<>();
        for (String name : bySession.getOrDefault(session.id(), Collections.emptyNavigableSet())) {
            Lock lock = locks.get(name);
            if (lock != null) {
                found.add(lock);
            }
        }
        return found;
    }

    @Override
    public void due(Timer timer, Effects effects) {
        switch (timer.kind()) {
            case WAIT -> waitIsOver(timer.key(), effects);
            case LEASE -> {
                Lock lock = byId.get(timer.key());
                if (lock != null) {
                    free(lock, effects);
                }
            }
            default -> throw new IllegalStateException("no such timer: " + timer);
        }
    }

    private void waitIsOver(long waiterId, Effects effects) {
        Lock lock = byWaiter.get(waiterId);
        Lock.Waiter waiter = lock == null ? null : lock.waiter(waiterId);
        if (lock != null && waiter != null) {
            stopWaiting(lock, waiter);
            effects.answer(
                    waiter.request(),
                    Answer.error(ErrorCode.TIMED_OUT, waiter.request().position()));
            serve(lock, effects);
        }
    }

    /** It can be served again: what it waits for may have become free meanwhile. */
    @Override
    public void sessionResumed(Attachment session, Effects effects) {
        locksOf(session).forEach(lock -> serve(lock, effects));
    }

    /** Its waits are cancelled and what it had goes to the next. All waits first, so that nothing goes to the dead. */
    @Override
    public void sessionsEnded(List<Attachment> sessions, SessionEnd end, Effects effects) {
        List<Lock> touched = new ArrayList<>();
        for (Attachment session : sessions) {
            for (Lock lock : locksOf(session)) {
                touched.add(lock);
                for (Lock.Waiter waiter : List.copyOf(lock.waiters())) {
                    if (waiter.session().id() == session.id()) {
                        stopWaiting(lock, waiter);
                    }
                }
            }
        }
        for (Lock lock : touched) {
            Lock.Holder holder = lock.holder();
            if (holder != null && isAmong(sessions, holder.session())) {
                free(lock, effects);
            } else {
                serve(lock, effects);
            }
        }
    }

    private static boolean isAmong(List<Attachment> sessions, Attachment one) {
        return sessions.stream().anyMatch(session -> session.id() == one.id());
    }

    @Override
    public void write(Encoder out) {
        out.u8(SNAPSHOT_VERSION).varlong(lastId).varint(locks.size());
        locks.values().forEach(lock -> LockSnapshot.write(lock, out));
        out.varint(grants.size());
        grants.forEach((name, count) -> out.string(name).varlong(count));
    }

    @Override
    public void read(Decoder in) {
        int version = in.u8();
        if (version != SNAPSHOT_VERSION) {
            throw new MalformedRecordException("snapshot version " + version + " of locks is not known here");
        }
        lastId = in.varlong();
        int lockCount = in.count(4);
        for (int i = 0; i < lockCount; i++) {
            restored(LockSnapshot.read(context(), in));
        }
        int grantCount = in.count(2);
        for (int i = 0; i < grantCount; i++) {
            grants.put(in.string(), in.varlong());
        }
    }

    private void restored(Lock lock) {
        locks.put(lock.name(), lock);
        byId.put(lock.id(), lock);
        for (Lock.Waiter waiter : lock.waiters()) {
            byWaiter.put(waiter.id(), lock);
            concern(waiter.session(), lock);
        }
        Lock.Holder holder = lock.holder();
        if (holder != null) {
            concern(holder.session(), lock);
        }
    }
}
