package dev.convene.groupservice.adapter.http;

import static org.springframework.web.reactive.function.server.RequestPredicates.contentType;

import dev.convene.group.GroupReads;
import dev.convene.groupservice.core.groups.GroupReplicas;
import dev.convene.groupservice.core.groups.HistoryPointer;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Limits;
import dev.convene.protocol.Names;
import dev.convene.protocol.Tenants;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.BareAnswer;
import dev.convene.protocol.frame.ClientOperation;
import dev.convene.protocol.frame.FrameCodec;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.protocol.frame.QualifiedOperation;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * Reads and settings of groups, with the fields that the operations of the same names have in frames. Answers are true at
 * a position: a member page names its view, settings the position {@code at}. They concern the tenant {@code default}, or
 * the one that {@code tenant=} in the query names; names are bare.
 *
 * <ul>
 *   <li>{@code GET /v1/members?group=&view=&after=&limit=}
 *   <li>{@code GET /v1/groups?prefix=&domain=&after=&limit=}; without a domain over all partitions
 *   <li>{@code GET /v1/history?group=}: the topic, the partition and the positions between which the history stands
 *   <li>{@code GET /v1/settings?group=} and, from this machine only, {@code POST /v1/settings}
 * </ul>
 */
public final class GroupRoutes {
    private final GroupReplicas replicas;
    private final FrameCodec codec = FrameCodec.json(Limits.DEFAULT);

    public GroupRoutes(GroupReplicas replicas) {
        this.replicas = replicas;
    }

    RouterFunction<ServerResponse> routes() {
        return RouterFunctions.route()
                .GET("/v1/members", this::members)
                .GET("/v1/groups", this::groups)
                .GET("/v1/history", this::history)
                .GET("/v1/settings", this::settings)
                .build()
                .and(changes());
    }

    private RouterFunction<ServerResponse> changes() {
        return RouterFunctions.route()
                .POST("/v1/settings", contentType(MediaType.APPLICATION_JSON), this::changeSettings)
                .POST("/v1/settings", request -> refused(ErrorCode.UNSUPPORTED_MEDIA_TYPE))
                .filter(new LocalClients("settings are changed from this machine only; elsewhere ask a gateway"))
                .build();
    }

    private Mono<ServerResponse> members(ServerRequest request) {
        GroupOperation.Members asked = query(request, GroupOperation.Members.NAME, GroupOperation.Members.class);
        requireOwn("members", asked.strong() || asked.at() != null);
        return answer(replicas.ask(
                Names.domainOf(asked.group()),
                (groups, at) -> GroupReads.members(groups, asked).at(at)));
    }

    private Mono<ServerResponse> groups(ServerRequest request) {
        GroupOperation.Groups asked = query(request, GroupOperation.Groups.NAME, GroupOperation.Groups.class);
        requireOwn("groups", !asked.at().isEmpty());
        String domain = asked.domain();
        if (domain != null) {
            return answer(replicas.ask(domain, (groups, at) -> GroupReads.groups(groups, asked)));
        }
        return answer(replicas.askAll(groups -> GroupReads.groups(groups, asked))
                .thenApply(pages -> GroupReads.merge(pages, Math.min(asked.limit(), GroupReads.PAGE_MAX))));
    }

    /** Answers come from this replica as it is. */
    private static void requireOwn(String operation, boolean waits) {
        if (waits) {
            throw new ConveneException(
                    ErrorCode.BAD_FIELD, operation, "ask a gateway for what is to be true at a position, or strong");
        }
    }

    private Mono<ServerResponse> history(ServerRequest request) {
        GroupOperation.History asked = query(request, GroupOperation.History.NAME, GroupOperation.History.class);
        return Mono.fromFuture(replicas.history(asked.group()))
                .flatMap(pointer -> ServerResponse.ok()
                        .contentType(MediaType.APPLICATION_JSON)
                        .bodyValue(fields(pointer)));
    }

    private static Map<String, Object> fields(HistoryPointer pointer) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("group", Tenants.strip(pointer.group()));
        fields.put("topic", pointer.topic());
        fields.put("partition", pointer.partition());
        fields.put("first", pointer.first().bare().toString());
        fields.put("next", pointer.next().bare().toString());
        return fields;
    }

    private Mono<ServerResponse> settings(ServerRequest request) {
        GroupOperation.Settings asked = query(request, GroupOperation.Settings.NAME, GroupOperation.Settings.class);
        return answer(inForce(asked.group()));
    }

    private Mono<ServerResponse> changeSettings(ServerRequest request) {
        return request.bodyToMono(byte[].class)
                .defaultIfEmpty(new byte[0])
                .map(body -> qualified(
                        request,
                        codec.decodeOperation(GroupOperation.Settings.NAME, body),
                        GroupOperation.Settings.class))
                .flatMap(asked -> answer(replicas.change(asked).thenCompose(done -> inForce(asked.group()))));
    }

    private CompletableFuture<Answer.SettingsInForce> inForce(String group) {
        return replicas.ask(Names.domainOf(group), (groups, at) -> GroupReads.settings(groups, group, at));
    }

    private <O extends ClientOperation> O query(ServerRequest request, String operation, Class<O> type) {
        return qualified(request, codec.decodeQuery(operation, request.queryParams()), type);
    }

    private static <O extends ClientOperation> O qualified(
            ServerRequest request, ClientOperation operation, Class<O> type) {
        String tenant = request.queryParam("tenant").orElse(Tenants.DEFAULT);
        if (!Tenants.isTenantName(tenant)) {
            throw new ConveneException(ErrorCode.BAD_FIELD, "tenant", "this is no name of a tenant");
        }
        return type.cast(QualifiedOperation.of(tenant, operation));
    }

    private Mono<ServerResponse> answer(CompletableFuture<? extends Answer> answer) {
        return Mono.fromFuture(answer)
                .flatMap(known -> ServerResponse.ok()
                        .contentType(MediaType.APPLICATION_JSON)
                        .bodyValue(codec.encodeAnswer(BareAnswer.of(known))));
    }

    private static Mono<ServerResponse> refused(ErrorCode code) {
        return Mono.error(new ConveneException(code));
    }
}
