package dev.convene.protocol;

import org.jspecify.annotations.Nullable;

/**
 * What a sender asks for one message; exactly one per message, told to every receiver. The promises are those of the
 * Spread toolkit's service types; each level includes the ones before it from {@link #RELIABLE} on.
 */
public enum ServiceLevel {
    /** At most once, in no order; not acknowledged by the broker and not numbered. */
    UNRELIABLE(1, "unreliable"),
    /** Exactly once while the receiving session lives; no order promised. */
    RELIABLE(2, "reliable"),
    /** As RELIABLE and in the order its sender sent, over all groups of a domain. */
    FIFO(3, "fifo"),
    /** As FIFO and never before a message that causally precedes it, across domains and gateways. */
    CAUSAL(4, "causal"),
    /** As CAUSAL and in one total order with all messages and views of the domain. */
    AGREED(5, "agreed"),
    /** As AGREED and delivered to nobody before every in-sync replica has stored it. */
    SAFE(6, "safe");

    private static final ServiceLevel[] BY_NUMBER = new ServiceLevel[7];

    static {
        for (ServiceLevel level : values()) {
            BY_NUMBER[level.number] = level;
        }
    }

    private final int number;
    private final String wireName;

    ServiceLevel(int number, String wireName) {
        this.number = number;
        this.wireName = wireName;
    }

    /** The number that stands in log records, 1 to 6. */
    public int number() {
        return number;
    }

    /** The lower-case name that stands in frames and in the {@code service} header of the group log. */
    public String wireName() {
        return wireName;
    }

    /** Whether the sender's order binds the receivers: FIFO and above. */
    public boolean isOrdered() {
        return number >= FIFO.number;
    }

    /** The level with this log number, or null if there is none. */
    public static @Nullable ServiceLevel ofNumber(int number) {
        return number >= 1 && number <= 6 ? BY_NUMBER[number] : null;
    }

    /** The level with this wire name, or null if there is none. */
    public static @Nullable ServiceLevel ofWireName(String name) {
        for (ServiceLevel level : BY_NUMBER) {
            if (level != null && level.wireName.equals(name)) {
                return level;
            }
        }
        return null;
    }
}
