package dev.convene.systemtests.simulation;

import dev.convene.testkit.sim.Actor;

/** A gateway's process in a run. */
interface SimulatedGateway {

    Actor process();

    void start();

    /** Whether a client that comes now can be served. */
    boolean isReady();

    /** The process dies, and its clients see their connections break. */
    void crash();

    /** Clients of a process that stands still give up after a while. */
    void giveUpOn();

    /** What still goes on, empty if nothing. */
    String unrest();
}
