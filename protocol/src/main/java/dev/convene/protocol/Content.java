package dev.convene.protocol;

import org.jspecify.annotations.Nullable;

/** What the bytes of a message's body are, in frames and in the log alike. */
public enum Content {
    /** Text in UTF-8: a string in either encoding. */
    TEXT(1, "text"),
    /** Any bytes: a byte string in CBOR, {@code $bytes} in JSON. */
    BYTES(2, "bytes"),
    /** Compact JSON text of any other value, with the tags of the value table: the value itself in either encoding. */
    JSON(3, "json");

    private final int number;
    private final String wireName;

    Content(int number, String wireName) {
        this.number = number;
        this.wireName = wireName;
    }

    /** The number that stands in log records, 1 to 3. */
    public int number() {
        return number;
    }

    /** The lower-case name that stands in the {@code content} header of the group log. */
    public String wireName() {
        return wireName;
    }

    /** The content with this number, or null if there is none. */
    public static @Nullable Content ofNumber(int number) {
        return switch (number) {
            case 1 -> TEXT;
            case 2 -> BYTES;
            case 3 -> JSON;
            default -> null;
        };
    }

    /** The content with this wire name, or null if there is none. */
    public static @Nullable Content ofWireName(String name) {
        return switch (name) {
            case "text" -> TEXT;
            case "bytes" -> BYTES;
            case "json" -> JSON;
            default -> null;
        };
    }
}
