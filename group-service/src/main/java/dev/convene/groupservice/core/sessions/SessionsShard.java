package dev.convene.groupservice.core.sessions;

import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.log.Decoder;
import dev.convene.protocol.log.Encoder;
import dev.convene.protocol.log.MalformedRecordException;
import dev.convene.protocol.log.Origin;
import dev.convene.protocol.session.SessionCommand;
import dev.convene.protocol.session.SessionReply;
import dev.convene.runtime.Change;
import dev.convene.runtime.Effects;
import dev.convene.runtime.Request;
import dev.convene.runtime.Shard;
import dev.convene.runtime.ShardContext;
import dev.convene.runtime.Timer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one partition of the sessions log as a state machine.
 *
 * <p>Gateways ask as themselves: every command of a session carries the session's id and epoch in its body. A command of
 * a life that does not count any longer, but whose loss has not come back through the log yet, is refused with
 * {@link ErrorCode#GATEWAY_LOST}; one for a session that moved on with {@link ErrorCode#STALE_EPOCH}. Registrations,
 * declarations of lost gateways and of logs come from nobody and are not answered; a registration is answered by a push,
 * when the new life's commands count.
 */
public final class SessionsShard implements Shard<SessionCommand> {
    /** The name of the sessions log. */
    public static final String LOG = "sessions";
    /** The log in whose default domain every session and gateway life is attached. */
    public static final String GROUPS_LOG = "groups";

    static final LogPartition OWN_PARTITION = new LogPartition(LOG, 0);
    /** Timer kind: a suspended session's time is over; the key is its id. */
    static final int SESSION_GRACE = 1;
    /** Timer kind: a lost gateway life's time is over; the key is its incarnation. */
    static final int GATEWAY_GRACE = 2;

    private static final int SNAPSHOT_VERSION = 1;

    private final SessionsListener listener;
    private final Gateways gateways = new Gateways();
    private final Sessions sessions = new Sessions();
    private final Domains domains = new Domains();
    private @Nullable Registrations registrations;
    private @Nullable Connections connections;

    public SessionsShard(SessionsListener listener) {
        this.listener = listener;
    }

    /** A gateway life that counts. */
    public record LiveGateway(long incarnation, String name, int sessions) {}

    /** The gateway lives that count, oldest first. For reads by the shard's thread. */
    public List<LiveGateway> liveGateways() {
        List<LiveGateway> live = new ArrayList<>();
        gateways.live()
                .forEach(life -> live.add(new LiveGateway(life.incarnation(), life.name(), life.sessionCount())));
        return live;
    }

    /** Live sessions. For reads by the shard's thread. */
    public int sessionCount() {
        return sessions.count();
    }

    /** Settled domains of all logs. For reads by the shard's thread. */
    public int domainCount() {
        return domains.count();
    }

    /** Whether the partitions of this log are known. For reads by the shard's thread. */
    public boolean isDeclared(String log) {
        return domains.isDeclared(log);
    }

    /** Where the domain lives, or null if it was never used. For reads by the shard's thread. */
    public SessionReply.@Nullable Domain domain(String log, String domain) {
        return domains.find(log, domain);
    }

    @Override
    public void begin(ShardContext context) {
        registrations = new Registrations(gateways, sessions, domains, context, listener);
        connections = new Connections(gateways, sessions, domains, context, listener);
    }

    @Override
    public SessionCommand decode(byte[] body, byte @Nullable [] payload) {
        return SessionCommand.read(body);
    }

    @Override
    public Change prepare(SessionCommand command, Request request) {
        return switch (command) {
            case SessionCommand.RegisterGateway c ->
                ofNobody(request, registrations().register(c, request));
            case SessionCommand.DeclareGatewayLost c ->
                ofNobody(request, registrations().declareLost(c, request));
            case SessionCommand.DeclareLog c ->
                ofNobody(request, registrations().declareLog(c, request));
            case SessionCommand.UnregisterGateway c -> ofGateway(command, request);
            case SessionCommand.Connect c -> ofGateway(command, request);
            case SessionCommand.Resume c -> ofGateway(command, request);
            case SessionCommand.Suspend c -> ofGateway(command, request);
            case SessionCommand.Close c -> ofGateway(command, request);
            case SessionCommand.Attach c -> ofGateway(command, request);
            case SessionCommand.AttachGateway c -> ofGateway(command, request);
        };
    }

    private static Change ofNobody(Request request, Change change) {
        return request.origin() == null ? change : Change.refuse(request, ErrorCode.FORBIDDEN);
    }

    private Change ofGateway(SessionCommand command, Request request) {
        Origin origin = request.origin();
        GatewayLife life = origin == null ? null : gateways.live(origin.incarnation());
        if (life == null) {
            return Change.refuse(request, ErrorCode.GATEWAY_LOST);
        }
        Change change = ofLife(life, command, request);
        return effects -> {
            life.heard(request.position().offset());
            change.run(effects);
        };
    }

    private Change ofLife(GatewayLife life, SessionCommand command, Request request) {
        return switch (command) {
            case SessionCommand.UnregisterGateway c -> registrations().unregister(life, c, request);
            case SessionCommand.Connect c -> connections().connect(life, c, request);
            case SessionCommand.Resume c -> connections().resume(life, c, request);
            case SessionCommand.Suspend c -> connections().suspend(life, c, request);
            case SessionCommand.Close c -> connections().close(life, c, request);
            case SessionCommand.Attach c -> connections().attach(life, c, request);
            case SessionCommand.AttachGateway c -> connections().attachGateway(life, c, request);
            case SessionCommand.RegisterGateway c -> Change.refuse(request, ErrorCode.FORBIDDEN);
            case SessionCommand.DeclareGatewayLost c -> Change.refuse(request, ErrorCode.FORBIDDEN);
            case SessionCommand.DeclareLog c -> Change.refuse(request, ErrorCode.FORBIDDEN);
        };
    }

    @Override
    public void gatewayAttached(long incarnation, Effects effects) {
        registrations().attached(incarnation, effects);
    }

    @Override
    public void due(Timer timer, Effects effects) {
        switch (timer.kind()) {
            case SESSION_GRACE -> connections().graceOver(timer.key(), effects);
            case GATEWAY_GRACE -> registrations().graceOver(timer.key(), effects);
            default -> throw new IllegalStateException("no such timer: " + timer);
        }
    }

    @Override
    public void write(Encoder out) {
        out.u8(SNAPSHOT_VERSION);
        domains.write(out);
        gateways.write(out);
        sessions.write(out);
    }

    @Override
    public void read(Decoder in) {
        int version = in.u8();
        if (version != SNAPSHOT_VERSION) {
            throw new MalformedRecordException("snapshot version " + version + " of the sessions is not known here");
        }
        domains.read(in);
        gateways.read(in);
        sessions.read(in, domains);
        gateways.take(sessions.all());
    }

    private Registrations registrations() {
        if (registrations == null) {
            throw new IllegalStateException("begin comes first");
        }
        return registrations;
    }

    private Connections connections() {
        if (connections == null) {
            throw new IllegalStateException("begin comes first");
        }
        return connections;
    }
}
