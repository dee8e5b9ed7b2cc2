package dev.convene.gateway.core;

/** What a client may do with groups; decided by whoever has authenticated it. Thread-safe and quick: asked per request. */
@FunctionalInterface
public interface Access {
    /** Something that is done with a group. */
    enum Action {
        JOIN,
        /** Also to a private group. */
        SEND,
        /** Member lists, history, settings. */
        READ,
        /** Changing settings. */
        CONFIGURE
    }

    /** Whether the client may do this with the group. */
    boolean allows(Action action, String group);

    /** Everything is allowed. */
    Access ALL = (action, group) -> true;
}
