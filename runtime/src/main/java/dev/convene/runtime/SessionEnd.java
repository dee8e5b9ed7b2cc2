package dev.convene.runtime;

/** How sessions came to their end. */
public enum SessionEnd {
    /** Its client closed it. */
    CLOSED,
    /** Its connection was lost and it was not resumed within its grace period. */
    EXPIRED,
    /** Its gateway was lost and it was not resumed elsewhere within the grace period. */
    GATEWAY
}
