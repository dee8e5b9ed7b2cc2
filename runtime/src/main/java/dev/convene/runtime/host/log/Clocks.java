package dev.convene.runtime.host.log;

import java.time.Clock;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * The clocks of an instance, passed in so that tests can move them. Thread-safe as the given clocks are.
 *
 * @param nanos a monotonic clock, nanoseconds from any origin
 * @param wall the wall clock
 */
public record Clocks(LongSupplier nanos, InstantSource wall) {
    /** The clocks of the machine. */
    public static final Clocks SYSTEM = new Clocks(System::nanoTime, Clock.systemUTC());

    /** Monotonic milliseconds. */
    public long monotonicMs() {
        return Math.floorDiv(nanos.getAsLong(), 1_000_000L);
    }

    /** Milliseconds since 1970. */
    public long wallMs() {
        return wall.millis();
    }
}
