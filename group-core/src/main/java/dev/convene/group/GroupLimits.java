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
    /** Memberships of one partition: all members of all its groups. */
    public static final int MEMBERSHIPS_MAX = 4_000_000;
    /** Presence data of one member, bytes. */
    public static final int PRESENCE_BYTES_MAX = 4096;
    /** Presence data of one session in all of its groups of one partition, bytes. */
    public static final int PRESENCE_BYTES_PER_SESSION_MAX = 1 << 20;
    /** Presence data of all members of one partition, bytes. */
    public static final long PRESENCE_BYTES_OF_ALL_MAX = 128L << 20;
    /** A session may have no more than this part of the presence data that is free in its partition. */
    public static final int PRESENCE_FREE_PART = 16;
    /** Groups of one partition that may have settings. */
    public static final int SETTINGS_MAX = 100_000;
    /** Messages that one queue member may have unacknowledged. */
    public static final int UNACKNOWLEDGED_MAX = 256;
    /** Messages that may wait in one queue group, unacknowledged ones included. */
    public static final int QUEUED_MAX = 100_000;
    /** Bytes of bodies that may wait in one queue group, unacknowledged ones included. */
    public static final long QUEUED_BYTES_MAX = 64L * 1024 * 1024;
    /**
     * What the messages in all queue groups of one partition take, bytes; the body of a message in several queues counts once.
     * A queue may hold no more than is free.
     */
    public static final long QUEUED_BYTES_OF_ALL_MAX = 256L * 1024 * 1024;
    /** What a message takes beside its body and its names, and once more in each queue that holds it, bytes, about. */
    public static final int QUEUED_OVERHEAD_BYTES = 160;
    /** Other partitions of which it is remembered how far they precede what stands here. */
    public static final int PRECEDENTS_MAX = 10_000;
    /** A view carries the whole member list up to this size. */
    public static final int MEMBERS_LISTED_MAX = 256;

    private GroupLimits() {}
}
