package dev.convene.runtime.machine;

import dev.convene.protocol.Position;
import dev.convene.protocol.log.Decoder;
import dev.convene.protocol.log.Encoder;
import dev.convene.protocol.log.LogEntry;
import dev.convene.protocol.log.MalformedRecordException;
import dev.convene.protocol.log.SessionEvent;
import dev.convene.runtime.Attachment;
import dev.convene.runtime.Timer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Everything that decides, beside the capability's own state. */
final class MachineState implements MachineView {
    private static final int SNAPSHOT_VERSION = 3;

    private record Source(String log, int partition) {}

    /** How far a source has been taken in; a new log epoch of the source starts again. */
    private record TakenIn(String epoch, Position position) {}

    private long nextOffset;
    private int behaviour = 1;
    private long term;
    private String owner = "";
    private long servedMs;
    private long wallMs;
    private long lastTimerId;
    private final Timers served = new Timers();
    private final Timers wall = new Timers();
    private final Map<Source, TakenIn> sources = new LinkedHashMap<>();
    private final Map<Long, String> liveGateways = new LinkedHashMap<>();
    private final Map<Long, Requester> requesters = new LinkedHashMap<>();
    private final Map<String, Requester> byName = new LinkedHashMap<>();
    /** Sessions by the gateway life that serves them, by id: an order that needs no place in snapshots. */
    private final Map<Long, NavigableMap<Long, Requester>> byIncarnation = new LinkedHashMap<>();

    private final KeptAnswers kept = new KeptAnswers();
    private final IdempotencyKeys keys = new IdempotencyKeys();
    private final Failures failures = new Failures();

    @Override
    public long nextOffset() {
        return nextOffset;
    }

    void applied(long offset) {
        nextOffset = offset + 1;
    }

    @Override
    public int behaviour() {
        return behaviour;
    }

    void behaviour(int version) {
        behaviour = Math.max(behaviour, version);
    }

    @Override
    public long term() {
        return term;
    }

    @Override
    public String owner() {
        return owner;
    }

    void term(LogEntry.Term claim) {
        if (claim.term() == term + 1) {
            term = claim.term();
            owner = claim.instance();
        }
    }

    @Override
    public long servedMs() {
        return servedMs;
    }

    @Override
    public long wallMs() {
        return wallMs;
    }

    void tick(LogEntry.Tick tick) {
        servedMs = Math.max(servedMs, Math.min(tick.servedMs(), servedMs + MachineLimits.TICK_ADDS_MAX_MS));
        wallMs = Math.max(wallMs, tick.wallMs());
        served.stamp(servedMs);
        kept.expire(servedMs);
        keys.expire(servedMs);
    }

    @Nullable Timer takeDue() {
        Timer due = served.takeDue(servedMs);
        return due != null ? due : wall.takeDue(wallMs);
    }

    @Override
    public long nextServedMs() {
        return Math.min(served.nextMs(), Math.min(kept.nextMs(), keys.nextMs()));
    }

    @Override
    public long nextWallMs() {
        return wall.nextMs();
    }

    @Override
    public boolean hasUnstampedTimers() {
        return served.hasUnstamped();
    }

    @Override
    public long after(long delayMs, int kind, long key) {
        if (delayMs < 0) {
            throw new IllegalArgumentException("a delay is not negative: " + delayMs);
        }
        served.setAfterNextTick(new Timer(++lastTimerId, kind, key), delayMs);
        return lastTimerId;
    }

    @Override
    public long at(long momentMs, int kind, long key) {
        Timer timer = new Timer(++lastTimerId, kind, key);
        if (momentMs <= wallMs) {
            // Due at the next tick, not within the one that may be applied now.
            served.setAfterNextTick(timer, 0);
        } else {
            wall.setAt(timer, momentMs);
        }
        return lastTimerId;
    }

    @Override
    public void cancel(long timerId) {
        served.cancel(timerId);
        wall.cancel(timerId);
    }

    @Override
    public @Nullable Attachment session(long id) {
        Requester requester = requesters.get(id);
        return requester == null || requester.isGateway() ? null : requester;
    }

    @Override
    public @Nullable Attachment session(String privateName) {
        return byName.get(privateName);
    }

    @Override
    public int sessionCount() {
        return byName.size();
    }

    @Override
    public boolean isLive(long incarnation) {
        return liveGateways.containsKey(incarnation);
    }

    @Override
    public long lastNumber(long requester) {
        Requester known = requesters.get(requester);
        return known == null ? 0 : known.lastNumber();
    }

    @Override
    public @Nullable Position reached(long session) {
        Requester known = requesters.get(session);
        return known == null ? null : known.reached();
    }

    @Override
    public long keptBytes() {
        return kept.bytes();
    }

    @Override
    public long keyBytes() {
        return keys.bytes();
    }

    @Override
    public Failures failures() {
        return failures;
    }

    KeptAnswers kept() {
        return kept;
    }

    IdempotencyKeys keys() {
        return keys;
    }

    @Nullable Requester requester(long id) {
        return requesters.get(id);
    }

    /** Whether the effect of another shard is above the last one taken in from there; notes it if so. */
    boolean isNewFrom(LogEntry.Forwards from, Position position) {
        Source source = new Source(from.log(), from.partition());
        TakenIn last = sources.get(source);
        if (last != null && last.epoch.equals(from.epoch()) && !position.isAfter(last.position)) {
            return false;
        }
        sources.put(source, new TakenIn(from.epoch(), position));
        return true;
    }

    /** Whether the gateway life was not attached before. */
    boolean gatewayAttached(SessionEvent.GatewayAttached event) {
        if (liveGateways.putIfAbsent(event.incarnation(), event.gateway()) != null) {
            return false;
        }
        requesters.put(
                event.incarnation(), new Requester(event.incarnation(), 0, event.incarnation(), "", false, null));
        return true;
    }

    /** The new session, or null if it is attached already. */
    @Nullable Requester sessionAttached(SessionEvent.SessionAttached event, long offset) {
        if (requesters.containsKey(event.session())) {
            return null;
        }
        Requester session = new Requester(
                event.session(),
                event.epoch(),
                event.incarnation(),
                event.privateName(),
                event.membership(),
                Position.of(offset));
        if (!isLive(event.incarnation())) {
            session.suspend();
        }
        add(session);
        return session;
    }

    private void add(Requester session) {
        requesters.put(session.id(), session);
        byName.put(session.privateName(), session);
        byIncarnation
                .computeIfAbsent(session.incarnation(), incarnation -> new TreeMap<>())
                .put(session.id(), session);
    }

    void moved(Requester session, int epoch, long incarnation) {
        removeFromIncarnation(session);
        session.resume(epoch, incarnation);
        byIncarnation.computeIfAbsent(incarnation, i -> new TreeMap<>()).put(session.id(), session);
    }

    List<Requester> sessionsOf(long incarnation) {
        Map<Long, Requester> sessions = byIncarnation.get(incarnation);
        return sessions == null ? List.of() : new ArrayList<>(sessions.values());
    }

    void gatewayGone(long incarnation) {
        liveGateways.remove(incarnation);
        Requester gateway = requesters.remove(incarnation);
        if (gateway != null) {
            gateway.forgetAll(kept);
        }
    }

    void forget(Requester session) {
        requesters.remove(session.id());
        byName.remove(session.privateName(), session);
        removeFromIncarnation(session);
        session.forgetAll(kept);
    }

    private void removeFromIncarnation(Requester session) {
        Map<Long, Requester> sessions = byIncarnation.get(session.incarnation());
        if (sessions != null) {
            sessions.remove(session.id());
            if (sessions.isEmpty()) {
                byIncarnation.remove(session.incarnation());
            }
        }
    }

    void write(Encoder out) {
        out.u8(SNAPSHOT_VERSION)
                .varlong(nextOffset)
                .varint(behaviour)
                .varlong(term)
                .string(owner);
        out.varlong(servedMs).varlong(wallMs).varlong(lastTimerId);
        served.write(out);
        wall.write(out);
        out.varint(sources.size());
        sources.forEach((source, taken) -> out.string(source.log)
                .varint(source.partition)
                .string(taken.epoch)
                .varlong(taken.position.offset())
                .varint(taken.position.index()));
        out.varint(liveGateways.size());
        liveGateways.forEach((incarnation, gateway) -> out.varlong(incarnation).string(gateway));
        out.varint(requesters.size());
        requesters.values().forEach(requester -> requester.write(out));
        kept.write(out);
        keys.write(out);
        failures.write(out);
    }

    void read(Decoder in) {
        int version = in.u8();
        if (version != SNAPSHOT_VERSION) {
            throw new MalformedRecordException("snapshot version " + version + " is not known here");
        }
        nextOffset = in.varlong();
        behaviour = in.varint();
        term = in.varlong();
        owner = in.string();
        servedMs = in.varlong();
        wallMs = in.varlong();
        lastTimerId = in.varlong();
        served.read(in);
        wall.read(in);
        int sourceCount = in.count(5);
        for (int i = 0; i < sourceCount; i++) {
            Source source = new Source(in.string(), in.varint());
            sources.put(source, new TakenIn(in.string(), new Position(in.varlong(), in.varint())));
        }
        int gatewayCount = in.count(2);
        for (int i = 0; i < gatewayCount; i++) {
            liveGateways.put(in.varlong(), in.string());
        }
        int requesterCount = in.count(8);
        for (int i = 0; i < requesterCount; i++) {
            Requester requester = Requester.read(in, kept);
            if (requester.isGateway()) {
                requesters.put(requester.id(), requester);
            } else {
                add(requester);
            }
        }
        kept.read(in, requesters::get);
        keys.read(in);
        failures.read(in);
    }
}
