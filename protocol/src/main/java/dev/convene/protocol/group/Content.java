package dev.convene.protocol.group;

import dev.convene.protocol.log.MalformedRecordException;

/** What the bytes of a message body are. */
public enum Content {
    /** Any bytes. */
    BYTES(0, "bytes"),
    /** UTF-8 text. */
    TEXT(1, "text"),
    /** One JSON value as UTF-8 text, with tagged values where JSON has no word of its own. */
    JSON(2, "json");

    private final int number;
    private final String wireName;

    Content(int number, String wireName) {
        this.number = number;
        this.wireName = wireName;
    }

    public int number() {
        return number;
    }

    /** The value of the header {@link GroupHeaders#CONTENT}. */
    public String wireName() {
        return wireName;
    }

    public static Content ofNumber(int number) {
        return switch (number) {
            case 0 -> BYTES;
            case 1 -> TEXT;
            case 2 -> JSON;
            default -> throw new MalformedRecordException("no such content: " + number);
        };
    }
}
