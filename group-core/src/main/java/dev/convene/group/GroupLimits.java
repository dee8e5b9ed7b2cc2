package dev.convene.group;

/** Bounds that are part of the state machine's behaviour: a change of one needs a new behaviour version. */
public final class GroupLimits {
    /** Targets of one message. */
    public static final int TARGETS_MAX = 100;
    /** Members of one group. */
    public static final int MEMBERS_MAX = 1_000_000;
    /** Groups of one partition. */
    public static final int GROUPS_MAX = 1_000_000;
    /** Groups that one session may join in one partition. */
    public static final int GROUPS_PER_SESSION_MAX = 10_000;
    /** Presence data of one member, bytes. */
    public static final int PRESENCE_BYTES_MAX = 4096;
    /** Groups of one partition that may have settings. */
    public static final int SETTINGS_MAX = 100_000;
    /** Messages that one queue member may have unacknowledged. */
    public static final int UNACKNOWLEDGED_MAX = 256;
    /** Messages that may wait in one queue group, unacknowledged ones included. */
    public static final int QUEUED_MAX = 100_000;
    /** Bytes of bodies that may wait in one queue group, unacknowledged ones included. */
    public static final long QUEUED_BYTES_MAX = 64L * 1024 * 1024;
    /** Other partitions of which it is remembered how far they precede what stands here. */
    public static final int PRECEDENTS_MAX = 10_000;
    /** A view carries the whole member list up to this size. */
    public static final int MEMBERS_LISTED_MAX = 256;

    private GroupLimits() {}
}
