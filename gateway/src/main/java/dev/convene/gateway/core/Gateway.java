package dev.convene.gateway.core;

import dev.convene.gateway.core.session.LocalSession;
import dev.convene.protocol.At;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Limits;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.ClientOperation;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.protocol.frame.SessionOperation;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * What the edges call, for clients of all tenants; the edges' own implementation is {@link TenantGateway}. Thread-safe; nothing blocks. Futures fail with {@link dev.convene.protocol.ConveneException} only
 * (dependent stages see it inside a {@code CompletionException}, as usual). They are completed on threads of the gateway
 * that must not be blocked: do no more there than writing to a socket or handing over to an executor.
 */
public interface Gateway {

    /** This instance's name, the second part of the private groups of sessions that begin here. */
    String name();

    /** What is enforced and announced. */
    Limits limits();

    /** Whether it is registered and has read its logs; until then everything is refused as starting or unavailable. */
    boolean isReady();

    /** Whether it is not ready because another process serves under its name. */
    boolean isSuperseded();

    /** Shards of the group log that cannot be applied here, with the offset at which each stands; empty if all is well. */
    Map<Integer, Long> haltedShards();

    /** When a client that was refused with this temporary error had better come back, milliseconds; not the same for all. */
    int retryAfterMs(ErrorCode code);

    /** The refusal as a client gets it: with the advice when to come back if that may help. */
    default ConveneException advised(ConveneException refusal) {
        return refusal.code().isTemporary() ? refusal.retryAfter(retryAfterMs(refusal.code())) : refusal;
    }

    /** Begins a session. */
    CompletableFuture<Opened<Answer.Connected>> connect(ConnectRequest request);

    /** Takes a session up again, from whatever gateway served it last. */
    CompletableFuture<Opened<Answer.Resumed>> resume(ResumeRequest request);

    /**
     * The session as it is served here, for clients without a connection of their own. One that is not served here is
     * taken over, which is a resume at {@code at}, and refused if what it has missed cannot be given any longer. Counts as
     * a sign of life of its client.
     *
     * @param session its id as text
     * @param at the newest positions that the client has, empty if the request carries none
     * @param principal who asks; sessions of other tenants are not there for it
     */
    CompletableFuture<LocalSession> session(String session, String token, List<At> at, Principal principal);

    /**
     * The same for a client that will take what waits for the session: one that has a connection of its own is taken over
     * from that too, which is closed with 4502.
     */
    CompletableFuture<LocalSession> reading(String session, String token, List<At> at, Principal principal);

    /**
     * Does what a session's client asks: every group operation, {@code close}, {@code seen}, {@code poll}, {@code ping}.
     * The others have methods of their own. Requests of one session take effect in the order of the calls.
     */
    CompletableFuture<Answer> call(LocalSession session, ClientOperation operation);

    /** Does what a client without a session asks: multicast, groups, members, history, settings. */
    CompletableFuture<Answer> call(Principal principal, GroupOperation operation);

    /**
     * Takes what waits for a session of {@link ReaderKind#REQUESTS}, or waits for it. A later call ends an earlier one with
     * nothing. What was taken before and is not confirmed by {@code seen} comes again if {@code seen} is not empty; an empty
     * one confirms everything that was taken.
     */
    CompletableFuture<Received> receive(LocalSession session, SessionOperation.Receive operation);

    /**
     * The same for a stream, of which nobody knows how much has arrived: what was taken before does not come again from
     * here, but a session that is taken over without a position goes on after what its client has confirmed.
     */
    CompletableFuture<Received> next(LocalSession session, SessionOperation.Receive operation);

    /** The session's connection was lost, or closed without ending the session. Does nothing if it is closed already. */
    void suspended(LocalSession session);
}
