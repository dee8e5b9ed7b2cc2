package dev.convene.group;

/**
 * What an operator or client has set for a group name; outlives the group.
 *
 * @param historyMs how long history may be read, milliseconds; -1 for as long as the log keeps it
 * @param historyBytes how many bytes of bodies may be read, newest first; -1 for no limit
 */
public record GroupSettings(long historyMs, long historyBytes) {
    /** Where nothing was set. */
    public static final GroupSettings DEFAULT = new GroupSettings(-1, -1);
}
