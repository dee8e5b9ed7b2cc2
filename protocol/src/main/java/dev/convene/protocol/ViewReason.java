package dev.convene.protocol;

import org.jspecify.annotations.Nullable;

/** Why a view differs from the one before it; Spread's {@code CAUSED_BY_} constants. */
public enum ViewReason {
    /** Sessions joined; {@code changed} names them. */
    JOIN("join"),
    /** A session left by its own wish; {@code changed} names it. */
    LEAVE("leave"),
    /** A session ended or was lost; {@code changed} names it. */
    DISCONNECT("disconnect"),
    /** A gateway was lost; {@code changed} names the members that came along from the view before. */
    NETWORK("network");

    private static final ViewReason[] ALL = values();

    private final String wireName;

    ViewReason(String wireName) {
        this.wireName = wireName;
    }

    /** The lower-case name in frames. */
    public String wireName() {
        return wireName;
    }

    /** The reason with this wire name, or null if there is none. */
    public static @Nullable ViewReason ofWireName(String name) {
        for (ViewReason reason : ALL) {
            if (reason.wireName.equals(name)) {
                return reason;
            }
        }
        return null;
    }
}
