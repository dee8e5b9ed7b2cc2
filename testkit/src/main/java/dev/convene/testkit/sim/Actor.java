package dev.convene.testkit.sim;

import java.util.ArrayDeque;

/**
 * A process: everything it does is mail to itself. A crash loses all mail; a pause keeps it until the process wakes, which
 * then does everything at once, as if no time had passed.
 */
public final class Actor {
    private final Simulation simulation;
    private final String name;
    private final ArrayDeque<Runnable> kept = new ArrayDeque<>();
    private boolean up;
    private boolean paused;
    private int life;

    /** A process that is not started yet. */
    public Actor(Simulation simulation, String name) {
        this.simulation = simulation;
        this.name = name;
    }

    public String name() {
        return name;
    }

    public boolean isUp() {
        return up;
    }

    public boolean isPaused() {
        return paused;
    }

    /** The number of the present run, from 1. */
    public int life() {
        return life;
    }

    /** Whether it is still in that run. */
    public boolean isIn(int thatLife) {
        return up && life == thatLife;
    }

    /** Begins a new life. */
    public void start() {
        if (up) {
            throw new IllegalStateException(name + " is up");
        }
        up = true;
        life++;
        simulation.trace(name + " starts its life " + life);
    }

    /** Ends at once; nothing that it meant to do happens. */
    public void crash() {
        simulation.trace(name + " crashes");
        up = false;
        paused = false;
        kept.clear();
    }

    /** Stands still, as after SIGSTOP. */
    public void pause() {
        simulation.trace(name + " stands still");
        paused = true;
    }

    /** Goes on with everything that was to be done meanwhile. */
    public void wake() {
        if (!paused) {
            return;
        }
        simulation.trace(name + " wakes");
        paused = false;
        while (!paused && !kept.isEmpty()) {
            kept.removeFirst().run();
        }
    }

    /** Runs a task of this life after some time. */
    public void after(long delayMs, Runnable task) {
        int itsLife = life;
        simulation.after(delayMs, () -> run(itsLife, task));
    }

    private void run(int itsLife, Runnable task) {
        if (!isIn(itsLife)) {
            return;
        }
        if (paused || !kept.isEmpty()) {
            kept.addLast(task);
        } else {
            task.run();
        }
    }

    /** Runs a task again and again while this life lasts. */
    public void every(long periodMs, Runnable task) {
        after(periodMs, () -> {
            task.run();
            every(periodMs, task);
        });
    }
}
