package dev.convene.testkit.check.order;

/** Why a view was made. */
public enum Reason {
    /** Somebody asked to become a member; {@code changed} names the joiners. */
    JOIN,
    /** A member asked to leave; {@code changed} names the leavers. */
    LEAVE,
    /** A member's session ended without leaving; {@code changed} names the sessions that ended. */
    DISCONNECT,
    /** A gateway was lost; {@code changed} names the members that came into the view together with the receiver. */
    NETWORK
}
