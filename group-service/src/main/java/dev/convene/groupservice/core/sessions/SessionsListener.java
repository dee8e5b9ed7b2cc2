package dev.convene.groupservice.core.sessions;

/** Hears what the sessions log decides, in order, on the shard's thread. Must not block and must not throw. */
@FunctionalInterface
public interface SessionsListener {
    /** Hears nothing. */
    SessionsListener NONE = fact -> {};

    /** This was decided. */
    void happened(SessionFact fact);
}
