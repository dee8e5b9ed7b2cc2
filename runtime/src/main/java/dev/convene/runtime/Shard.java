package dev.convene.runtime;

import dev.convene.protocol.Position;
import dev.convene.protocol.log.Decoder;
import dev.convene.protocol.log.Encoder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A deterministic state machine: the same calls give the same state and the same effects on every replica. It knows no
 * clock, randomness, thread or hash order; time reaches it through {@link ShardContext}.
 *
 * <p>Commands are applied in two steps. {@link #prepare} checks and must not change anything: what it throws is answered
 * {@code internal} and leaves no trace but a count. The {@link Change} that it returns does not fail: what that throws
 * halts the shard at this record. All calls come from one thread.
 *
 * @param <C> the capability's commands
 */
public interface Shard<C> {

    /**
     * Reads a command from its log form.
     *
     * @param payload the application's bytes when the record carries them as its value, else null
     * @throws dev.convene.protocol.log.MalformedRecordException if the bytes are not a command
     */
    C decode(byte[] body, byte @Nullable [] payload);

    /**
     * What two requests under one idempotency key must have in common to be the same request. Without what differs by the
     * gateway that wrote it.
     */
    default byte[] identity(byte[] body, byte @Nullable [] payload) {
        return body;
    }

    /**
     * Checks a command and says what it would change. Called with the state as of the command's position. Refuses what would
     * give a larger effect than {@link Effects#BODY_BYTES_MAX}.
     */
    Change prepare(C command, Request request);

    /**
     * The session may send commands here from now on.
     *
     * @param effects where the consequences go
     */
    default void sessionAttached(Attachment session, Effects effects) {}

    /** Its connection was lost; it keeps its places and is not served until it is resumed. */
    default void sessionSuspended(Attachment session, Effects effects) {}

    /** It is served again; waits go on beginning with a search. */
    default void sessionResumed(Attachment session, Effects effects) {}

    /** The session's client has everything that was sent to it from here up to this position. */
    default void confirmed(Attachment session, Position upTo, Effects effects) {}

    /** These sessions are over and are forgotten after this call. */
    default void sessionsEnded(List<Attachment> sessions, SessionEnd end, Effects effects) {}

    /** From here on commands of this gateway life count here. */
    default void gatewayAttached(long incarnation, Effects effects) {}

    /** This gateway life is over: what waits for requests of its own (not of its sessions) is cancelled. */
    default void gatewayLost(long incarnation, Effects effects) {}

    /** A timer that the shard set is due. */
    default void due(Timer timer, Effects effects) {}

    /** The record has been applied whole; what was gathered over its commands is given out now. */
    default void recordEnded(Effects effects) {}

    /** The newest behaviour version that this code knows; the first is 1. */
    default int behaviourMax() {
        return 1;
    }

    /** Writes everything that decides, in an order that depends on the history of the state alone. */
    void write(Encoder out);

    /** Reads what {@link #write} wrote into this new, empty shard. Sessions and timers are there already. */
    void read(Decoder in);

    /** Gives the shard its surroundings, once, before anything else. */
    void begin(ShardContext context);
}
