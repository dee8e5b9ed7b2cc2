package dev.convene.group;

/** Why membership changed; Spread's CAUSED_BY_ constants. */
public enum ViewReason {
    JOIN,
    LEAVE,
    /** A session was closed, or was not resumed in time after its connection was lost. */
    DISCONNECT,
    /** A gateway was lost and some of its sessions were not resumed in time. */
    NETWORK;

    /** The lower-case name in frames. */
    public String wireName() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
