package dev.convene.protocol.value;

import org.jspecify.annotations.Nullable;

/** The tags that stand for a place in a template instead of a value. */
public enum Tag {
    /** Matches everything. */
    ANY("$any"),
    /** Matches the values of a type, named by the argument. */
    TYPE("$type"),
    /** Matches an error by the name of its class or of an ancestor. */
    ERROR_OF("$errorOf"),
    /** Matches numbers, or strings, between bounds. */
    RANGE("$range"),
    /** Matches strings by a regular expression of RE2. */
    REGEX("$regex"),
    /** Matches any of the values of a list. */
    ONE_OF("$oneOf"),
    /** Stands for what a named place of the template was bound to. */
    REF("$ref");

    private static final Tag[] ALL = values();

    private final String wireName;

    Tag(String wireName) {
        this.wireName = wireName;
    }

    /** The key on the wire, with its {@code $}. */
    public String wireName() {
        return wireName;
    }

    /** The tag with this key, or null if there is none. */
    public static @Nullable Tag ofWireName(String name) {
        for (Tag tag : ALL) {
            if (tag.wireName.equals(name)) {
                return tag;
            }
        }
        return null;
    }
}
