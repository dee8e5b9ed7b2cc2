package dev.convene.gateway.core.log;

import dev.convene.protocol.Position;
import dev.convene.runtime.Attachment;
import org.jspecify.annotations.Nullable;

/** What is known of a partition beside its groups, as of the last applied record. For the tail's thread. */
public interface PartitionState {
    /** The offset after the last one applied; 0 at the start. */
    long nextOffset();

    /** Whether this gateway life counts here. */
    boolean isLive(long incarnation);

    /** The number of the last request of this session or gateway life; 0 if there was none or it is not attached. */
    long lastNumber(long requester);

    /**
     * Up to where the client of this session has everything: the record that attached it here, or what it has confirmed.
     * Null if it is not attached or that is not known.
     */
    @Nullable Position reached(long session);

    /** The session with this id if it is attached here. */
    @Nullable Attachment session(long id);

    /** The session with this private name if it is attached here. */
    @Nullable Attachment session(String privateName);
}
