package dev.convene.testkit.check.order;

/** What is known of a session after its last recorded event. */
public enum Ending {
    /** It was still a session at the end, and its recorder waited until nothing more was to come. */
    DRAINED,
    /** The record stops somewhere; more may have come. */
    CUT,
    /** The session had ended, closed or lost beyond its grace period, well before the drained ones were drained. */
    GONE
}
