package dev.convene.systemtests.simulation;

import dev.convene.testkit.sim.Actor;
import dev.convene.testkit.sim.Simulation;

/** A connection between a client and a gateway: in order, late, and at any moment cut, with what is under way. */
final class Link {
    private static final long LATENCY_MAX_MS = 15;

    private final Simulation simulation;
    private boolean open = true;
    private Runnable onBreak = () -> {};
    private long lastMs;
    private long lastUpMs;

    Link(Simulation simulation) {
        this.simulation = simulation;
    }

    boolean isOpen() {
        return open;
    }

    void cut() {
        open = false;
    }

    /** What the client does when its end sees that the link is broken. */
    void onBreak(Runnable action) {
        onBreak = action;
    }

    /** The other end is gone, and the client sees it. */
    void breaks() {
        if (open) {
            onBreak.run();
            open = false;
        }
    }

    /** Brings something to the client, unless the link is cut before. */
    void push(Runnable arrives) {
        lastMs = Math.max(lastMs, simulation.nowMs() + simulation.between(1, LATENCY_MAX_MS));
        simulation.after(lastMs - simulation.nowMs(), () -> {
            if (open) {
                arrives.run();
            }
        });
    }

    /** Brings something to the gateway, even if the link is cut meanwhile. */
    void request(Actor gateway, Runnable arrives) {
        lastUpMs = Math.max(lastUpMs, simulation.nowMs() + simulation.between(1, LATENCY_MAX_MS));
        gateway.after(lastUpMs - simulation.nowMs(), arrives);
    }

    /** Whether nothing is under way. */
    boolean isEmpty() {
        return !open || lastMs < simulation.nowMs();
    }
}
