package dev.convene.runtime.host;

import dev.convene.protocol.log.LogEntry;
import dev.convene.runtime.host.beat.Beat;
import dev.convene.runtime.host.beat.Beat.Standing;
import dev.convene.runtime.host.beat.Beats;
import dev.convene.runtime.host.effect.Effect;
import dev.convene.runtime.host.effect.EffectCollector;
import dev.convene.runtime.host.effect.Outbox;
import dev.convene.runtime.host.log.LogRecord;
import dev.convene.runtime.host.log.Topics;
import dev.convene.runtime.host.snapshot.Manifest;
import dev.convene.runtime.machine.EffectSink;
import dev.convene.runtime.machine.MachineView;
import dev.convene.runtime.machine.ShardMachine;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One shard on this instance: catching up, then standby or owner. Belongs to the reader's thread, but for what is
 * volatile.
 *
 * <pre>
 * CATCHING_UP -- read to the end as of the start --&gt; STANDBY -- its term record came first --&gt; OWNER
 * OWNER -- a newer term was read --&gt; STANDBY          OWNER -- gives the shard away --&gt; LEAVING -- newer term --&gt; STANDBY
 * any -- a record cannot be applied --&gt; HALTED        any -- out of range, a record skipped --&gt; CATCHING_UP
 * </pre>
 */
final class Replica<C> implements TailListener<C> {
    private static final Logger log = LoggerFactory.getLogger(Replica.class);

    /** How often a replica looks at its neighbours, milliseconds. */
    private static final long LOOK_MS = 20;
    /** Whoever gives a shard away keeps it if nobody takes it in this time, milliseconds. */
    private static final long LEAVING_MAX_MS = 3000;

    private final Hosting<C> hosting;
    private final int partition;
    private final ShardTail<C> tail;
    private final OwnerDuty<C> duty;
    private final SnapshotDuty snapshots;
    private final Neighbours neighbours;
    private final EffectSink sink;
    private final ReplicaMeters meters;
    private volatile Outbox outbox;
    private Standing standing = Standing.CATCHING_UP;
    /** All effects below this offset are out, as was known when the machine was opened. */
    private long outWhenOpened;

    /** Effects of the record that is applied now: they count when it was applied whole. */
    private final List<Effect> ofRecord = new ArrayList<>();

    private boolean caughtUp;
    private long term;
    private long termReadMs = Long.MIN_VALUE;
    private long standingSinceMs;
    private long lookedMs;
    private long claimedMs = Long.MIN_VALUE / 2;
    private boolean paused;
    private boolean mayClaim = true;
    private volatile Beat.@Nullable Held held;
    private volatile ReplicaStatus status;

    Replica(Hosting<C> hosting, int partition) {
        this.hosting = hosting;
        this.partition = partition;
        this.tail =
                new ShardTail<>(hosting.instance(), hosting.reader(), hosting.log(), partition, hosting.shards(), this);
        this.duty = new OwnerDuty<>(hosting, partition);
        this.meters = new ReplicaMeters(hosting, partition, this::status, this::newestSnapshot);
        this.snapshots = new SnapshotDuty(hosting, partition, tail::skipped, meters);
        this.neighbours = new Neighbours(hosting, partition);
        this.outbox = newOutbox(0);
        this.sink = new EffectCollector(
                this::take,
                hosting.observers().apply(partition),
                hosting.settings().sendsAnswers());
        this.standingSinceMs = hosting.nowMs();
        this.status = ReplicaStatus.starting(hosting.log(), partition);
    }

    private @Nullable Manifest newestSnapshot() {
        return snapshots.newest();
    }

    private Outbox newOutbox(long outBelow) {
        return new Outbox(
                hosting.source(partition),
                outBelow,
                hosting.instance().writer()::append,
                hosting.instance().partitions(Topics.ANSWERS),
                hosting.settings().outbox(),
                hosting.reader()::postAfter);
    }

    void start() {
        tail.start();
    }

    /** What the beat says; null if nothing is to be said. Any thread. */
    Beat.@Nullable Held held() {
        return held;
    }

    /** Any thread. */
    ReplicaStatus status() {
        return status;
    }

    Standing standing() {
        return standing;
    }

    ShardTail<C> tail() {
        return tail;
    }

    Neighbours neighbours() {
        return neighbours;
    }

    /** Whether state may be shown: everything is applied that stood in the log when this replica started. */
    boolean isCaughtUp() {
        return caughtUp;
    }

    private void take(Effect effect) {
        if (effect.id().offset() >= outWhenOpened) {
            ofRecord.add(effect);
        }
    }

    @Override
    public EffectSink sink() {
        return sink;
    }

    @Override
    public void opened(ShardMachine<C> machine, String why) {
        MachineView view = machine.view();
        ofRecord.clear();
        outbox.shut();
        outWhenOpened = Math.max(Math.max(view.nextOffset(), outbox.outBelow()), neighbours.outBelow());
        outbox = newOutbox(outWhenOpened);
        caughtUp = false;
        paused = false;
        term = view.term();
        termReadMs = Long.MIN_VALUE;
        snapshots.opened(view.nextOffset());
        duty.end();
        stand(Standing.CATCHING_UP, why);
        publish(machine);
    }

    @Override
    public void applied(LogRecord record) {
        snapshots.applied(record.sizeBytes());
        ofRecord.forEach(outbox::add);
        ofRecord.clear();
        ShardMachine<C> machine = tail.machine();
        if (machine != null && machine.view().term() != term) {
            outbox.applied(record.offset() + 1);
            newTerm(machine.view());
        }
    }

    private void newTerm(MachineView view) {
        term = view.term();
        termReadMs = caughtUp ? hosting.nowMs() : Long.MIN_VALUE;
        meters.termRead();
        if (!caughtUp) {
            return;
        }
        if (view.owner().equals(hosting.life())) {
            own(view, "its term " + term + " came first");
            return;
        }
        outbox.shut();
        if (standing == Standing.OWNER || standing == Standing.LEAVING) {
            duty.end();
            stand(Standing.STANDBY, view.owner() + " owns term " + term);
        } else {
            log.info("{}/{}: {} owns term {}", hosting.log(), partition, view.owner(), term);
        }
    }

    private void own(MachineView view, String why) {
        duty.begin(view, hosting.nowMs());
        int released = outbox.size();
        stand(Standing.OWNER, why + "; releases " + released + " effects from " + outbox.outBelow());
        meters.tookOver();
        outbox.open();
        hosting.instance().beats().beatSoon();
    }

    @Override
    public void batchEnded() {
        ShardMachine<C> machine = tail.machine();
        if (machine != null) {
            outbox.applied(machine.view().nextOffset());
            outbox.flush();
            publish(machine);
        }
    }

    @Override
    public void caughtUp(long end) {
        ShardMachine<C> machine = tail.machine();
        if (machine == null) {
            return;
        }
        caughtUp = true;
        if (machine.view().owner().equals(hosting.life())) {
            own(machine.view(), "its term " + term + " still holds");
        } else {
            stand(Standing.STANDBY, "read to " + end);
        }
        publish(machine);
    }

    @Override
    public void halted(Halt halt) {
        ofRecord.clear();
        caughtUp = false;
        duty.end();
        stand(Standing.HALTED, halt.what());
        status = status.halted(halt);
        if (halt.unknownBehaviour()) {
            held = null;
        } else {
            held = new Beat.Held(
                    hosting.log(), partition, hosting.epoch().text(), halt.offset(), outbox.outBelow(), term, standing);
        }
        hosting.instance().beats().beatSoon();
    }

    @Override
    public void skipped(long offset) {
        hosting.instance().snapshots().skips().note(hosting.log(), partition, hosting.epoch(), offset);
    }

    @Override
    public void unavailable(String why) {
        status = status.unavailable(why);
    }

    private void stand(Standing next, String why) {
        boolean again = next == standing;
        if (again && next != Standing.CATCHING_UP) {
            return;
        }
        if (again) {
            log.info("{}: {}/{} {}: {}", hosting.life(), hosting.log(), partition, next, why);
        } else {
            log.info("{}: {}/{} {} -> {}: {}", hosting.life(), hosting.log(), partition, standing, next, why);
        }
        standing = next;
        standingSinceMs = hosting.nowMs();
    }

    /** What other threads see of this replica. */
    private void publish(ShardMachine<C> machine) {
        MachineView view = machine.view();
        held = new Beat.Held(
                hosting.log(),
                partition,
                hosting.epoch().text(),
                view.nextOffset(),
                outbox.outBelow(),
                view.term(),
                standing);
        status = new ReplicaStatus(
                hosting.log(),
                partition,
                standing,
                view.nextOffset(),
                view.term(),
                view.owner(),
                outbox.isOpen(),
                outbox.size(),
                "");
    }

    /** Does what is due; returns in how many milliseconds it wants to be called again. */
    long turn(long nowMs) {
        ShardMachine<C> machine = tail.machine();
        if (machine == null) {
            return LOOK_MS * 5;
        }
        long wait = LOOK_MS * 5;
        boolean owner = standing == Standing.OWNER || standing == Standing.LEAVING;
        if (owner) {
            wait = Math.min(wait, duty.turn(machine, nowMs));
        }
        if (nowMs - lookedMs >= LOOK_MS) {
            lookedMs = nowMs;
            look(machine, owner, nowMs);
        }
        return standing == Standing.STANDBY ? Math.min(wait, LOOK_MS) : wait;
    }

    private void look(ShardMachine<C> machine, boolean owner, long nowMs) {
        MachineView view = machine.view();
        if (!owner) {
            outbox.trim(neighbours.ownersOutBelow(view.owner()));
        }
        List<String> standbys = neighbours.standbys(view.owner(), nowMs, standing == Standing.STANDBY);
        int rank = standbys.indexOf(hosting.instance().life().instance());
        throttle(view, nowMs);
        if (standing == Standing.STANDBY) {
            considerTakeover(view, rank, nowMs);
        } else if (standing == Standing.LEAVING && nowMs - standingSinceMs > LEAVING_MAX_MS && mayClaim) {
            stand(Standing.OWNER, "nobody has taken the shard");
        }
        boolean mayTake = standing == Standing.STANDBY && rank == 0 || owner && standbys.isEmpty();
        if (caughtUp) {
            snapshots.turn(machine, nowMs, mayTake, owner, outbox.outBelow());
        }
        publish(machine);
    }

    /** Reads no further while too many effects are not out. */
    private void throttle(MachineView view, long nowMs) {
        if (!paused && outbox.isFull()) {
            paused = true;
            log.info("{}/{}: {} effects are not out, reading pauses", hosting.log(), partition, outbox.size());
            hosting.reader().pause(tail.partition());
        } else if (paused && outbox.hasRoom()) {
            paused = false;
            hosting.reader().resume(tail.partition());
        }
        // Nobody will ever report them as given out, and no term can be read before there is room. Giving them out
        // without a term is harmless: receivers drop what they have.
        if (paused && !outbox.isOpen() && mayClaim && judge(view, 0, nowMs).claim()) {
            log.warn("{}/{}: gives out effects before its term, the owner is gone", hosting.log(), partition);
            outbox.open();
        }
    }

    private Takeover.Verdict judge(MachineView view, int rank, long nowMs) {
        return Takeover.judge(neighbours.situation(view, termReadMs, standingSinceMs, rank, nowMs));
    }

    private void considerTakeover(MachineView view, int rank, long nowMs) {
        Beats beats = hosting.instance().beats();
        if (!mayClaim || !beats.ownComeThrough() || nowMs - claimedMs < Takeover.CLAIM_AGAIN_MS) {
            return;
        }
        Takeover.Verdict verdict = judge(view, rank, nowMs);
        if (!verdict.claim()) {
            return;
        }
        claimedMs = nowMs;
        log.info(
                "{}: {}/{} claims term {} from {}: {}",
                hosting.life(),
                hosting.log(),
                partition,
                view.term() + 1,
                view.owner().isEmpty() ? "nobody" : view.owner(),
                verdict.why());
        LogEntry claim = new LogEntry.Term(view.term() + 1, hosting.life());
        hosting.instance().writer().append(hosting.topic(), partition, claim.toBytes());
    }

    /** The owner offers the shard to the others; it goes on serving until one of them has it. */
    void giveAway(String why) {
        if (standing == Standing.OWNER) {
            stand(Standing.LEAVING, why);
            ShardMachine<C> machine = tail.machine();
            if (machine != null) {
                publish(machine);
            }
            hosting.instance().beats().beatSoon();
        }
    }

    /** Never claims again, and gives away what it owns. */
    void retire(String why) {
        mayClaim = false;
        giveAway(why);
    }

    /** Whether nothing is on its way to the receivers. */
    boolean isDrained() {
        return !outbox.isOpen() || outbox.size() == 0;
    }

    /** Asks how far the log goes, for the lag. */
    void refreshLag() {
        meters.refreshEnd();
    }

    void close() {
        held = null;
        duty.end();
        snapshots.close();
        outbox.shut();
        tail.close();
        meters.close();
    }
}
