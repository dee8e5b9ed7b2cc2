package dev.convene.runtime;

/** A session as it stands in one partition. Changed by the runtime only; shards read it and may keep it as a key. */
public interface Attachment {
    /** The session's id: unique, never used again. */
    long id();

    /** Its address, {@code #name#gateway}, {@linkplain dev.convene.protocol.Tenants qualified}. */
    String privateName();

    /** Whether it wants membership messages. */
    boolean membership();

    /** Raised by every resume. */
    int epoch();

    /** The gateway life that serves it, or served it last. */
    long incarnation();

    /** Whether its connection is lost at present. */
    boolean isSuspended();
}
