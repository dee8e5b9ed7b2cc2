package dev.convene.gateway.core;

import dev.convene.gateway.core.session.LocalSession;
import dev.convene.protocol.At;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Limits;
import dev.convene.protocol.Tenants;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.BareAnswer;
import dev.convene.protocol.frame.ClientOperation;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.protocol.frame.QualifiedOperation;
import dev.convene.protocol.frame.SessionOperation;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * The gateway as the clients of each tenant see it, and the one place where names change: what is asked is qualified on its
 * way in, what is answered is bare on its way out. Pushes are bare from where they are made
 * ({@link dev.convene.gateway.core.delivery.SharedPush}), since all receivers of one share it. Operations and answers of the
 * tenant {@link Tenants#DEFAULT} pass as they are.
 */
public final class TenantGateway implements Gateway {
    private final Gateway gateway;

    /** @param gateway knows qualified names only */
    public TenantGateway(Gateway gateway) {
        this.gateway = gateway;
    }

    @Override
    public String name() {
        return gateway.name();
    }

    @Override
    public Limits limits() {
        return gateway.limits();
    }

    @Override
    public boolean isReady() {
        return gateway.isReady();
    }

    @Override
    public boolean isSuperseded() {
        return gateway.isSuperseded();
    }

    @Override
    public Map<Integer, Long> haltedShards() {
        return gateway.haltedShards();
    }

    @Override
    public int retryAfterMs(ErrorCode code) {
        return gateway.retryAfterMs(code);
    }

    @Override
    public CompletableFuture<Opened<Answer.Connected>> connect(ConnectRequest request) {
        Principal principal = request.principal();
        return refusing(() -> gateway.connect(new ConnectRequest(
                        QualifiedOperation.of(principal.tenant(), request.operation()),
                        principal.qualified(),
                        request.reader())))
                .thenApply(opened -> new Opened<>(opened.session(), BareAnswer.of(opened.answer())));
    }

    @Override
    public CompletableFuture<Opened<Answer.Resumed>> resume(ResumeRequest request) {
        Principal principal = request.principal();
        return refusing(() -> gateway.resume(new ResumeRequest(
                        QualifiedOperation.of(principal.tenant(), request.operation()),
                        principal.qualified(),
                        request.reader())))
                .thenApply(opened -> new Opened<>(opened.session(), BareAnswer.of(opened.answer())));
    }

    @Override
    public CompletableFuture<LocalSession> session(String session, String token, List<At> at, Principal principal) {
        return gateway.session(
                session, token, QualifiedOperation.positions(principal.tenant(), at), principal.qualified());
    }

    @Override
    public CompletableFuture<LocalSession> reading(String session, String token, List<At> at, Principal principal) {
        return gateway.reading(
                session, token, QualifiedOperation.positions(principal.tenant(), at), principal.qualified());
    }

    @Override
    public CompletableFuture<Answer> call(LocalSession session, ClientOperation operation) {
        String tenant = session.tenant();
        ClientOperation asked;
        try {
            asked = QualifiedOperation.of(tenant, operation);
        } catch (ConveneException e) {
            return CompletableFuture.failedFuture(e);
        }
        return bare(tenant, gateway.call(session, asked));
    }

    @Override
    public CompletableFuture<Answer> call(Principal principal, GroupOperation operation) {
        String tenant = principal.tenant();
        return bare(
                tenant, refusing(() -> gateway.call(principal.qualified(), QualifiedOperation.of(tenant, operation))));
    }

    private static CompletableFuture<Answer> bare(String tenant, CompletableFuture<Answer> answer) {
        return tenant.equals(Tenants.DEFAULT) ? answer : answer.thenApply(BareAnswer::of);
    }

    @Override
    public CompletableFuture<Received> receive(LocalSession session, SessionOperation.Receive operation) {
        return gateway.receive(session, QualifiedOperation.of(session.tenant(), operation));
    }

    @Override
    public CompletableFuture<Received> next(LocalSession session, SessionOperation.Receive operation) {
        return gateway.next(session, QualifiedOperation.of(session.tenant(), operation));
    }

    @Override
    public void suspended(LocalSession session) {
        gateway.suspended(session);
    }

    /** What is refused at once reaches the caller in the future, as what is refused later does. */
    private static <T> CompletableFuture<T> refusing(Supplier<CompletableFuture<T>> call) {
        try {
            return call.get();
        } catch (ConveneException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
