package dev.convene.testkit.check.order;

/** The service level of a message, weakest first; every level from {@link #RELIABLE} on keeps what the weaker ones promise. */
public enum Level {
    /** At most once, no order, may be dropped. */
    UNRELIABLE,
    /** Exactly once while the session lives, no order. */
    RELIABLE,
    /** In the order in which its sender sent it, over all groups of a domain. */
    FIFO,
    /** Never before a message that causally precedes it, across domains too. */
    CAUSAL,
    /** One total order of all messages and views of the domain. */
    AGREED,
    /** Not delivered before it is stored on every in-sync replica. */
    SAFE;

    /** Whether this level promises at least what {@code other} promises. */
    public boolean atLeast(Level other) {
        return compareTo(other) >= 0;
    }
}
