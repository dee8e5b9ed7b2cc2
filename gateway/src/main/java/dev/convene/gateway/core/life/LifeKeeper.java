package dev.convene.gateway.core.life;

import dev.convene.gateway.core.GatewayCounters;
import dev.convene.gateway.core.delivery.Tail;
import dev.convene.gateway.core.delivery.Windows;
import dev.convene.gateway.core.log.AnswerLog;
import dev.convene.gateway.core.log.Appender;
import dev.convene.gateway.core.log.Logs;
import dev.convene.gateway.core.log.OutRecord;
import dev.convene.gateway.core.request.Outlet;
import dev.convene.gateway.core.request.Window;
import dev.convene.gateway.core.time.Scheduler;
import dev.convene.protocol.CloseCode;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Names;
import dev.convene.protocol.log.Answer;
import dev.convene.protocol.log.LogEntry;
import dev.convene.protocol.session.SessionCommand;
import dev.convene.protocol.session.SessionReply;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Leads the gateway from one life to the next. Thread-safe. */
public final class LifeKeeper implements Windows, AnswerLog.Listener {
    /** What the world is told. */
    public interface Events {
        /** A life has begun and can serve. */
        void ready(long incarnation);

        /** A life was lost; another begins. */
        void lost(long incarnation);

        /** Another process has taken the gateway's name: this one serves nobody unless that one is gone soon. */
        void superseded();
    }

    private static final long REGISTER_AGAIN_MS = 1000;
    /** How long the word that it was superseded is waited for when the log shows a loss first. */
    private static final long WORD_WAIT_MS = 3000;

    private static final long SWEEP_MS = 100;
    /**
     * How often, and how many times, a superseded process asks whether its name is free again: what took it may be the late
     * registration of a process that is gone, and is declared lost within seconds.
     */
    private static final long ASK_FOR_NAME_MS = 5000;

    private static final int ASK_FOR_NAME_MAX = 12;

    private final CoreSettings settings;
    private final Outlet outlet;
    private final Scheduler scheduler;
    private final AnswerLog answers;
    private final LifeSigns signs;
    private final LongSupplier nonces;
    private final GatewayCounters counters;
    private final Events events;

    private volatile @Nullable Tail tail;
    private volatile @Nullable GatewayLife present;
    private volatile boolean ready;
    private volatile boolean stopped;
    /** The life that was superseded, -1 if none was or the name is this process's again. */
    private volatile long supersededAs = -1;

    private int askedForName;
    private volatile long nonce;
    private volatile Runnable onSweep = () -> {};

    /** @param nonces random numbers that tell processes of the same name apart */
    public LifeKeeper(
            CoreSettings settings,
            Outlet outlet,
            AnswerLog answers,
            LifeSigns signs,
            LongSupplier nonces,
            GatewayCounters counters,
            Events events) {
        this.settings = settings;
        this.outlet = outlet;
        this.scheduler = outlet.scheduler();
        this.answers = answers;
        this.signs = signs;
        this.nonces = nonces;
        this.counters = counters;
        this.events = events;
    }

    /**
     * Begins the first life.
     *
     * @param reading the tail that this life reads through
     * @param sweeping called ten times a second
     */
    public void start(Tail reading, Runnable sweeping) {
        tail = reading;
        onSweep = sweeping;
        register();
        scheduler.after(SWEEP_MS, this::sweep);
    }

    /** The life that serves; refuses if there is none. */
    public GatewayLife serving() {
        GatewayLife life = present;
        if (stopped || supersededAs >= 0) {
            throw new ConveneException(ErrorCode.SHUTTING_DOWN);
        }
        if (life == null || !ready) {
            throw new ConveneException(ErrorCode.STARTING);
        }
        return life;
    }

    /** The life that serves, or null. */
    public @Nullable GatewayLife servingOrNull() {
        return ready && !stopped ? present : null;
    }

    /** Whether another process has taken the gateway's name. */
    public boolean isSuperseded() {
        return supersededAs >= 0;
    }

    private void register() {
        nonce = nonces.getAsLong();
        ask();
    }

    private void ask() {
        long mine = nonce;
        answers.awaitRegistration(this).whenComplete((nothing, e) -> {
            if (e == null) {
                append(mine);
            } else {
                scheduler.after(REGISTER_AGAIN_MS, this::registerIfNone);
            }
        });
    }

    private void registerIfNone() {
        if (!stopped && present == null) {
            ask();
        }
    }

    /** The same registration again: whoever holds the name keeps it. */
    private void askForName() {
        if (!stopped && supersededAs >= 0 && present == null && askedForName < ASK_FOR_NAME_MAX) {
            askedForName++;
            ask();
        }
    }

    /** Appends the registration until it is answered; the same nonce makes it the same registration. */
    private void append(long mine) {
        if (stopped || present != null || nonce != mine) {
            return;
        }
        byte[] command = new SessionCommand.RegisterGateway(
                        settings.name(), mine, settings.limits().graceMs())
                .toBytes();
        try {
            outlet.appender()
                    .append(
                            Logs.SESSIONS,
                            0,
                            OutRecord.of(new LogEntry.Unasked(command).toBytes()),
                            new Appender.Done() {
                                @Override
                                public void appended(long offset) {}

                                @Override
                                public void failed(boolean maybe) {}
                            });
        } catch (ConveneException e) {
            // The broker is away: the next try comes below.
        }
        if (supersededAs < 0) {
            scheduler.after(REGISTER_AGAIN_MS, () -> append(mine));
        } else {
            scheduler.after(ASK_FOR_NAME_MS, this::askForName);
        }
    }

    @Override
    public boolean isRegistration(byte[] body) {
        return SessionReply.read(body) instanceof SessionReply.GatewayRegistered registered
                && registered.nonce() == nonce
                && registered.incarnation() != supersededAs;
    }

    @Override
    public void answer(
            String log, int partition, long incarnation, long requester, long number, long ref, Answer answer) {
        GatewayLife life = asking(log, incarnation, requester);
        if (life != null && !life.answered(number, ref, answer)) {
            outOfStep(life);
        }
    }

    /** The present life if it is the one that has asked the sessions log for itself, else null. */
    private @Nullable GatewayLife asking(String log, long incarnation, long requester) {
        GatewayLife life = present;
        boolean asks = life != null
                && log.equals(Logs.SESSIONS)
                && incarnation == life.incarnation()
                && requester == incarnation;
        return asks ? life : null;
    }

    @Override
    public void outOfTurn(String log, long incarnation, long requester, long number, long ref, long lastNumber) {
        GatewayLife life = asking(log, incarnation, requester);
        if (life != null && !life.outOfTurn(number, ref, lastNumber)) {
            outOfStep(life);
        }
    }

    private void outOfStep(GatewayLife life) {
        counters.outOfStep.increment();
        // Not here: this is the thread that reads the answers.
        scheduler.after(0, () -> renew(life));
    }

    @Override
    public void push(long incarnation, byte[] body) {
        switch (SessionReply.read(body)) {
            case SessionReply.GatewayRegistered r
            when isRegistration(body) && present == null -> registered(r.incarnation());
            case SessionReply.GatewayDeclaredLost r -> declaredLost(r.incarnation(), r.superseded());
            default -> {}
        }
    }

    /** Whoever waits for an answer that is lost would wait in vain: a new life begins. */
    @Override
    public void lost() {
        scheduler.after(0, this::renew);
    }

    private void registered(long incarnation) {
        GatewayLife life = new GatewayLife(incarnation, outlet, settings);
        present = life;
        supersededAs = -1;
        signs.serveAs(incarnation);
        Tail reading = tail;
        if (reading != null) {
            reading.begin(incarnation).thenRun(() -> attach(life, reading));
        }
    }

    private void attach(GatewayLife life, Tail reading) {
        life.ask(new SessionCommand.AttachGateway(Logs.GROUPS, Names.DEFAULT_DOMAIN))
                .thenCompose(reply -> reply instanceof SessionReply.Attached attached
                        ? reading.whenAttached(attached.domain().partition(), life.incarnation())
                        : CompletableFuture.failedFuture(new ConveneException(ErrorCode.INTERNAL)))
                .whenComplete((nothing, e) -> {
                    if (e == null && !life.isOver()) {
                        ready = true;
                        events.ready(life.incarnation());
                    } else if (!life.isOver()) {
                        scheduler.after(REGISTER_AGAIN_MS, () -> attach(life, reading));
                    }
                });
    }

    /** The group log shows that the present life is over; whether it was superseded is told by the sessions log. */
    public void lostInLog() {
        GatewayLife life = present;
        if (life != null && !stopped) {
            end(life);
            scheduler.after(WORD_WAIT_MS, () -> declaredLost(life.incarnation(), false));
        }
    }

    /** Gives the present life up and registers anew: its own requests no longer match the log. */
    public void renew() {
        GatewayLife life = servingOrNull();
        if (life != null) {
            renew(life);
        }
    }

    private void renew(GatewayLife life) {
        if (life == present && !life.isOver() && !stopped) {
            // Not heard if it is the sessions log that they do not match: then the new life takes the name over.
            life.ask(new SessionCommand.UnregisterGateway(settings.limits().graceMs()));
            end(life);
            scheduler.after(WORD_WAIT_MS, () -> declaredLost(life.incarnation(), false));
        }
    }

    private void end(GatewayLife life) {
        if (!life.isOver()) {
            ready = false;
            life.end(new ConveneException(ErrorCode.GATEWAY_LOST), CloseCode.GATEWAY_LOST);
            events.lost(life.incarnation());
        }
    }

    private synchronized void declaredLost(long incarnation, boolean superseded) {
        GatewayLife life = present;
        if (life == null || life.incarnation() != incarnation || stopped) {
            return;
        }
        end(life);
        present = null;
        if (superseded) {
            supersededAs = incarnation;
            askedForName = 0;
            events.superseded();
            scheduler.after(ASK_FOR_NAME_MS, this::askForName);
        } else {
            register();
        }
    }

    @Override
    public @Nullable Window find(long requester, int epoch, int partition) {
        GatewayLife life = present;
        return life == null ? null : life.window(requester, epoch, partition);
    }

    private void sweep() {
        GatewayLife life = present;
        try {
            // What waits for others is told before these end: it would only begin to wait for itself.
            if (!stopped) {
                onSweep.run();
            }
            if (life != null) {
                life.sweep();
            }
        } finally {
            if (!stopped || life != null && !life.isOver()) {
                scheduler.after(SWEEP_MS, this::sweep);
            }
        }
    }

    /** Says goodbye: sessions are kept for their grace period and resume elsewhere. */
    public CompletableFuture<Void> stop() {
        GatewayLife life = servingOrNull();
        // From now on the word that this life is over is what was asked for.
        stopped = true;
        ready = false;
        if (life == null) {
            return CompletableFuture.completedFuture(null);
        }
        return life.ask(new SessionCommand.UnregisterGateway(settings.limits().graceMs()))
                .handle((reply, e) -> {
                    life.end(new ConveneException(ErrorCode.SHUTTING_DOWN), CloseCode.SHUTDOWN);
                    return null;
                });
    }
}
