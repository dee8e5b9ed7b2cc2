package dev.convene.runtime.machine;

import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.log.Answer;
import dev.convene.protocol.log.Decoder;
import dev.convene.protocol.log.Encoder;
import dev.convene.protocol.log.LogEntry;
import dev.convene.protocol.log.MalformedRecordException;
import dev.convene.protocol.log.Origin;
import dev.convene.protocol.log.SessionEvent;
import dev.convene.runtime.Change;
import dev.convene.runtime.Request;
import dev.convene.runtime.Shard;
import dev.convene.runtime.Timer;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One shard with everything that decides: feed it the records of its partition in order and it gives the effects. Two
 * machines that were fed the same records have the same digest and gave the same effects.
 *
 * <p>Not thread-safe. After {@link HaltedException} the machine must not be used any longer.
 *
 * @param <C> the commands of its capability
 */
public final class ShardMachine<C> {
    private static final int DIGEST_PIECE_BYTES = 64 << 10;

    private final Shard<C> shard;
    private final MachineState state;
    private final Set<Long> skipped;
    private final Applying applying;
    private final SessionEvents sessions;

    /**
     * A machine at the start of its log.
     *
     * @param skipped offsets that operators have decided to pass over
     */
    public ShardMachine(Shard<C> shard, Set<Long> skipped) {
        this(shard, new MachineState(), skipped);
        shard.begin(state);
    }

    private ShardMachine(Shard<C> shard, MachineState state, Set<Long> skipped) {
        this.shard = shard;
        this.state = state;
        this.skipped = skipped;
        this.applying = new Applying(state);
        this.sessions = new SessionEvents(shard, state, applying);
    }

    /**
     * A machine as it was when {@link #snapshot} was called.
     *
     * @param shard a new, empty shard
     * @throws MalformedRecordException if the bytes are not a snapshot of this version
     */
    public static <C> ShardMachine<C> fromSnapshot(Shard<C> shard, byte[] snapshot, Set<Long> skipped) {
        return fromSnapshot(shard, new Decoder(snapshot), skipped);
    }

    /**
     * A machine as it was when {@link #write} was called.
     *
     * @param shard a new, empty shard
     * @param in the bytes, of whatever length, in pieces
     * @throws MalformedRecordException if the bytes are not a snapshot of this version
     */
    public static <C> ShardMachine<C> fromSnapshot(Shard<C> shard, Decoder in, Set<Long> skipped) {
        MachineState state = new MachineState();
        ShardMachine<C> machine = new ShardMachine<>(shard, state, skipped);
        state.read(in);
        shard.begin(state);
        shard.read(in);
        if (in.remaining() != 0) {
            throw new MalformedRecordException(in.remaining() + " bytes too many in a snapshot");
        }
        return machine;
    }

    /** Everything that decides, as bytes. */
    public byte[] snapshot() {
        Encoder out = new Encoder(4096);
        write(out);
        return out.toBytes();
    }

    /** Writes everything that decides: the bytes of {@link #snapshot}. */
    public void write(Encoder out) {
        state.write(out);
        shard.write(out);
    }

    /** The digest of the snapshot. Takes as long as writing it. */
    public String digest() {
        SnapshotDigest digest = new SnapshotDigest();
        Encoder out = Encoder.into(DIGEST_PIECE_BYTES, digest::add);
        write(out);
        out.finish();
        return digest.hex();
    }

    /** The wrapped shard, for reads by its own thread. */
    public Shard<C> shard() {
        return shard;
    }

    /** What is known beside the shard: owner, time, sessions, counters. Reads only, by its own thread. */
    public MachineView view() {
        return state;
    }

    /**
     * Applies the next record.
     *
     * @param offset its offset, above all before it (offsets may have gaps)
     * @param header the value of its header {@link LogEntry#HEADER}, or null
     * @param value its value, or null for a record without
     * @param sink takes what follows
     * @throws HaltedException if a checked change failed; the machine is unusable then
     */
    public void apply(long offset, byte @Nullable [] header, byte @Nullable [] value, EffectSink sink) {
        if (offset < state.nextOffset()) {
            throw new IllegalArgumentException("offset " + offset + " comes again, next is " + state.nextOffset());
        }
        applying.begin(offset, sink);
        if (!skipped.contains(offset)) {
            LogEntry entry = read(offset, header, value);
            if (entry != null) {
                try {
                    apply(entry);
                    shard.recordEnded(applying);
                } catch (HaltedException e) {
                    throw e;
                } catch (RuntimeException e) {
                    throw new HaltedException(offset, "a change that had been checked failed", e);
                }
            }
        }
        state.applied(offset);
    }

    private @Nullable LogEntry read(long offset, byte @Nullable [] header, byte @Nullable [] value) {
        try {
            return value == null ? null : LogEntry.read(header, value);
        } catch (MalformedRecordException | IllegalArgumentException e) {
            state.failures().malformed(offset);
            return null;
        }
    }

    private void apply(LogEntry entry) {
        switch (entry) {
            case LogEntry.Commands e -> e.commands().forEach(this::command);
            case LogEntry.Command e -> command(e);
            case LogEntry.Forwards e -> forwards(e);
            case LogEntry.Tick e -> tick(e);
            case LogEntry.Term e -> state.term(e);
            case LogEntry.OwnerCommand e -> {
                if (e.term() == state.term()) {
                    unasked(e.body());
                }
            }
            case LogEntry.Unasked e -> unasked(e.body());
            case LogEntry.Confirmations e -> confirmations(e);
            case LogEntry.Progress e -> progress(e);
            case LogEntry.Behaviour e -> behaviour(e.version());
            case LogEntry.Skip e -> {}
            case LogEntry.Probe e -> {}
        }
    }

    private void command(LogEntry.Command command) {
        Origin origin = command.origin();
        Requester requester = state.requester(origin.requester());
        EffectSink.Passed passed = whyPassedOver(origin, requester);
        if (passed != null || requester == null) {
            applying.passedOver(origin, passed == null ? EffectSink.Passed.NOT_ATTACHED : passed);
            if (passed == EffectSink.Passed.NUMBER_GAP && requester != null) {
                applying.outOfTurn(requester, origin);
            }
            return;
        }
        if (origin.number() == 0) {
            run(command, requester);
        } else if (origin.number() <= requester.lastNumber()) {
            applying.outOfTurn(requester, origin);
            repeat(requester.keptByNumber(origin.number()), requester, origin);
        } else if (origin.seq() != 0 && origin.seq() <= requester.lastSeq()) {
            Kept kept = requester.keptBySeq(origin.seq());
            if (kept != null && kept.answer != null && kept.answer.isTemporaryRefusal()) {
                numbered(command, requester);
            } else {
                requester.count(origin);
                repeat(kept, requester, origin);
            }
        } else {
            numbered(command, requester);
        }
    }

    private EffectSink.@Nullable Passed whyPassedOver(Origin origin, @Nullable Requester requester) {
        if (!state.isLive(origin.incarnation())) {
            return EffectSink.Passed.LOST_GATEWAY;
        }
        if (requester == null) {
            return EffectSink.Passed.NOT_ATTACHED;
        }
        if (requester.epoch() != origin.epoch() || requester.incarnation() != origin.incarnation()) {
            return EffectSink.Passed.STALE_EPOCH;
        }
        return origin.number() > requester.lastNumber() + 1 ? EffectSink.Passed.NUMBER_GAP : null;
    }

    /** A request that was applied before: its kept answer, nothing if it still waits, or a word that it is forgotten. */
    private void repeat(@Nullable Kept kept, Requester requester, Origin origin) {
        if (kept == null) {
            applying.give(requester, origin, Answer.error(ErrorCode.REQUEST_FORGOTTEN, applying.position()));
        } else if (kept.answer != null) {
            applying.give(requester, origin, kept.answer.asDuplicate());
        } else if (kept.number != origin.number() && !kept.isJoinedBy(origin.number())) {
            // The same request under a new number, while the first still waits: it joins the wait.
            if (kept.again.size() >= MachineLimits.AGAIN_MAX) {
                applying.give(requester, origin, Answer.error(ErrorCode.TOO_MANY_OUTSTANDING, applying.position()));
            } else {
                kept.joined(origin.number(), origin.ref());
            }
        }
    }

    private void numbered(LogEntry.Command command, Requester requester) {
        Origin origin = command.origin();
        ErrorCode refusal = whyNotTakenIn(requester, origin);
        if (refusal != null) {
            requester.begin(origin, "", state.kept());
            applying.end(requester, origin.number(), Answer.error(refusal, applying.position()));
            return;
        }
        requester.begin(origin, origin.key(), state.kept());
        if (origin.key().isEmpty() || underNewKey(command, requester)) {
            run(command, requester);
        }
    }

    private @Nullable ErrorCode whyNotTakenIn(Requester requester, Origin origin) {
        if (requester.waitingCount() >= MachineLimits.WAITING_MAX
                || state.kept().waitingCount() >= MachineLimits.WAITING_OF_ALL_MAX) {
            return ErrorCode.TOO_MANY_OUTSTANDING;
        }
        return origin.key().length() > MachineLimits.KEY_LENGTH_MAX ? ErrorCode.BAD_FIELD : null;
    }

    /** Whether the command's key was never used; if it was, the command is answered here or joins the first one. */
    private boolean underNewKey(LogEntry.Command command, Requester requester) {
        Origin origin = command.origin();
        long hash = IdempotencyKeys.hash(identity(command), command.payload());
        IdempotencyKeys keys = state.keys();
        IdempotencyKeys.Use first = keys.get(origin.key());
        if (first == null) {
            if (!keys.hasRoom(origin.key(), requester)) {
                applying.end(requester, origin.number(), Answer.error(ErrorCode.KEY_TABLE_FULL, applying.position()));
                return false;
            }
            keys.put(origin.key(), new IdempotencyKeys.Use(requester.id(), origin.number(), hash, state.servedMs()));
            return true;
        }
        if (first.bodyHash != hash) {
            applying.end(requester, origin.number(), Answer.error(ErrorCode.KEY_REUSED, applying.position()));
        } else if (first.answer != null) {
            applying.end(requester, origin.number(), first.answer.asDuplicate());
        } else {
            first.join(requester.id(), origin.number());
        }
        return false;
    }

    private byte[] identity(LogEntry.Command command) {
        try {
            return shard.identity(command.body(), command.payload());
        } catch (RuntimeException e) {
            // It cannot be read; that is found, and answered, when it is run.
            return command.body();
        }
    }

    private void run(LogEntry.Command command, Requester requester) {
        Origin origin = command.origin();
        Request request = new Request(applying.position(), origin, requester.isGateway() ? null : requester);
        Change change;
        try {
            change = shard.prepare(shard.decode(command.body(), command.payload()), request);
        } catch (MalformedRecordException e) {
            state.failures().malformed(applying.position().offset());
            applying.passedOver(origin, EffectSink.Passed.MALFORMED);
            applying.answer(request, Answer.error(ErrorCode.INTERNAL, applying.position()));
            return;
        } catch (RuntimeException e) {
            state.failures().failed(applying.position().offset(), e);
            applying.answer(request, Answer.error(ErrorCode.INTERNAL, applying.position()));
            return;
        }
        change.run(applying);
    }

    /** A command of the owner or of another shard: nobody waits for an answer. */
    private void unasked(byte[] body) {
        Change change;
        try {
            change = shard.prepare(shard.decode(body, null), new Request(applying.position(), null, null));
        } catch (RuntimeException e) {
            state.failures().failed(applying.position().offset(), e);
            return;
        }
        change.run(applying);
    }

    private void forwards(LogEntry.Forwards entry) {
        for (LogEntry.Forward forward : entry.forwards()) {
            if (!state.isNewFrom(entry, forward.position())) {
                continue;
            }
            if (!forward.sessionEvent()) {
                unasked(forward.body());
                continue;
            }
            SessionEvent event;
            try {
                event = SessionEvent.read(new Decoder(forward.body()));
            } catch (MalformedRecordException e) {
                state.failures().malformed(applying.position().offset());
                continue;
            }
            sessions.apply(event);
        }
    }

    private void confirmations(LogEntry.Confirmations entry) {
        for (LogEntry.Confirmation confirmation : entry.confirmations()) {
            Requester session = confirming(entry.incarnation(), confirmation);
            if (session != null) {
                session.confirm(confirmation.upTo(), state.kept());
                session.reached(confirmation.upTo(), applying.position());
                shard.confirmed(session, confirmation.upTo(), applying);
            }
        }
    }

    private void progress(LogEntry.Progress entry) {
        for (LogEntry.Confirmation reached : entry.reached()) {
            Requester session = confirming(entry.incarnation(), reached);
            if (session != null) {
                session.reached(reached.upTo(), applying.position());
            }
        }
    }

    /** Whose confirmation it is, null if it does not count. */
    private @Nullable Requester confirming(long incarnation, LogEntry.Confirmation confirmation) {
        Requester session = state.isLive(incarnation) ? state.requester(confirmation.requester()) : null;
        return session != null && session.epoch() == confirmation.epoch() && session.incarnation() == incarnation
                ? session
                : null;
    }

    private void tick(LogEntry.Tick tick) {
        if (tick.term() != state.term()) {
            return;
        }
        state.tick(tick);
        Timer due;
        while ((due = state.takeDue()) != null) {
            shard.due(due, applying);
        }
    }

    private void behaviour(int version) {
        if (version > shard.behaviourMax()) {
            throw new HaltedException(
                    applying.position().offset(),
                    "behaviour version " + version + " is not known here, only up to " + shard.behaviourMax(),
                    new IllegalStateException("start a newer version"));
        }
        state.behaviour(version);
    }
}
