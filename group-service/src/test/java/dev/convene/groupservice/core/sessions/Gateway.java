package dev.convene.groupservice.core.sessions;

import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.log.Answer;
import dev.convene.protocol.log.LogEntry;
import dev.convene.protocol.log.Origin;
import dev.convene.protocol.session.SessionCommand;
import dev.convene.protocol.session.SessionReply;
import java.util.Arrays;

/** A gateway life that asks the sessions log and numbers its requests. */
final class Gateway {
    static final int SESSIONS_MAX = 100;

    private final SessionsLog log;
    private final String name;
    private final long incarnation;
    private long lastNumber;

    Gateway(SessionsLog log, String name, long incarnation) {
        this.log = log;
        this.name = name;
        this.incarnation = incarnation;
    }

    String name() {
        return name;
    }

    long incarnation() {
        return incarnation;
    }

    /** The token's hash in these tests: 32 times the same byte. */
    static byte[] token(int token) {
        byte[] hash = new byte[SessionLimits.TOKEN_HASH_BYTES];
        Arrays.fill(hash, (byte) token);
        return hash;
    }

    static SessionCommand.Connect connecting(String session, int token, int graceMs) {
        return new SessionCommand.Connect(session, token(token), true, graceMs, SESSIONS_MAX);
    }

    Answer ask(SessionCommand command) {
        return log.ask(nextOrigin(), command);
    }

    /** The same request again. */
    Answer askAgain(SessionCommand command) {
        lastNumber--;
        return ask(command);
    }

    LogEntry.Command next(SessionCommand command) {
        return new LogEntry.Command(nextOrigin(), command.toBytes(), null);
    }

    private Origin nextOrigin() {
        lastNumber++;
        return new Origin(incarnation, incarnation, 0, lastNumber, lastNumber, 0, "");
    }

    SessionReply reply(SessionCommand command) {
        return SessionsLog.replyOf(ask(command));
    }

    ErrorCode refusal(SessionCommand command) {
        return SessionsLog.errorOf(ask(command));
    }

    SessionReply.Connected connect(String session) {
        return connect(session, SessionsLog.GRACE_MS);
    }

    SessionReply.Connected connect(String session, int graceMs) {
        return (SessionReply.Connected) reply(connecting(session, 7, graceMs));
    }

    SessionReply.Resumed resume(long session) {
        return (SessionReply.Resumed) reply(new SessionCommand.Resume(session, token(7)));
    }

    SessionReply.Domain attach(long session, int epoch, String domain) {
        SessionCommand.Attach attach = new SessionCommand.Attach(session, epoch, SessionsShard.GROUPS_LOG, domain);
        return ((SessionReply.Attached) reply(attach)).domain();
    }

    SessionReply.Domain attach(String domain) {
        SessionCommand.AttachGateway attach = new SessionCommand.AttachGateway(SessionsShard.GROUPS_LOG, domain);
        return ((SessionReply.Attached) reply(attach)).domain();
    }

    void suspend(long session, int epoch) {
        reply(new SessionCommand.Suspend(session, epoch));
    }

    void close(long session, int epoch) {
        reply(new SessionCommand.Close(session, epoch));
    }

    void unregister() {
        reply(new SessionCommand.UnregisterGateway(SessionsLog.GRACE_MS));
    }
}
