package dev.convene.systemtests.simulation;

import dev.convene.testkit.check.order.SessionHistory;
import org.jspecify.annotations.Nullable;

/** A client in a run. */
interface SimulatedClient {

    /** Its private name; empty before it is connected. */
    String name();

    /** Whether its session is over. */
    boolean isOver();

    /** One random thing, if there is something to do. */
    void act();

    /** The network between client and gateway breaks. */
    void connectionBreaks();

    /** What it still waits for, empty if nothing. */
    String unrest();

    /** Everything that it saw; null if it never was connected. */
    @Nullable SessionHistory history();
}
