package dev.convene.gateway.adapter.http;

import static dev.convene.gateway.adapter.http.RouteDocs.body;
import static dev.convene.gateway.adapter.http.RouteDocs.header;
import static dev.convene.gateway.adapter.http.RouteDocs.ofSession;
import static dev.convene.gateway.adapter.http.RouteDocs.operation;
import static dev.convene.gateway.adapter.http.RouteDocs.query;
import static org.springdoc.core.fn.builders.apiresponse.Builder.responseBuilder;

import dev.convene.gateway.core.Authenticator;
import dev.convene.gateway.core.Gateway;
import dev.convene.protocol.frame.FrameCodec;
import dev.convene.protocol.value.Encoding;
import java.util.function.Function;
import org.springdoc.core.fn.builders.operation.Builder;
import org.springdoc.webflux.core.fn.SpringdocRouteBuilder;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;

/** The addresses of the HTTP edge, each with its documentation. */
public final class Routes {
    private static final String SESSIONS = "sessions";
    private static final String GROUPS = "groups";
    private static final String LIMIT = "limit";
    private static final String PAGE_LIMIT = "PageLimit";

    private final Principals principals;
    private final SessionApi sessions;
    private final GroupApi groups;
    private final StreamApi streams;

    /**
     * @param authenticator says who sends each request
     * @param codecs the codec of each encoding
     * @param draining ends what waits when the instance goes down
     */
    public Routes(
            Gateway gateway,
            Authenticator authenticator,
            Function<Encoding, FrameCodec> codecs,
            HttpSettings settings,
            Draining draining) {
        this.principals = new Principals(authenticator);
        Bodies bodies = new Bodies(codecs, gateway.limits().frameBytesMax(), settings);
        this.sessions = new SessionApi(gateway, codecs, bodies, draining);
        this.groups = new GroupApi(gateway, codecs, bodies);
        this.streams = new StreamApi(gateway, codecs.apply(Encoding.JSON), draining, settings.readerTimeout());
    }

    /** All of them. */
    public RouterFunction<ServerResponse> all() {
        SpringdocRouteBuilder routes = SpringdocRouteBuilder.route();
        addSessions(routes);
        addReading(routes);
        addGroups(routes);
        return routes.build().filter(principals::before);
    }

    private void addSessions(SpringdocRouteBuilder routes) {
        routes.POST(
                "/v1/sessions",
                sessions::connect,
                doc -> body(
                        operation(doc, "connect", SESSIONS, "Begins a session", "Connected"), "ConnectFields", false));
        for (OperationDoc each : OperationDoc.OF_SESSIONS) {
            routes.POST(
                    "/v1/sessions/{session}/" + each.name(),
                    request -> sessions.operate(request, each.name()),
                    doc -> describe(doc, each));
        }
        routes.DELETE(
                "/v1/sessions/{session}",
                sessions::close,
                doc -> ofSession(operation(doc, "end", SESSIONS, "Ends the session at once", "Nothing")));
    }

    private static void describe(Builder doc, OperationDoc each) {
        ofSession(operation(doc, each.name(), SESSIONS, each.summary(), each.answer()));
        body(doc, each.fields(), false);
        if (each.name().equals("multicast") || each.name().equals("request")) {
            header(doc, "Idempotency-Key", "The field key");
        }
    }

    private void addReading(SpringdocRouteBuilder routes) {
        routes.GET("/v1/sessions/{session}/receive", sessions::receive, doc -> {
            ofSession(operation(doc, "longPoll", SESSIONS, "Takes what waits, or waits for it", "Received"));
            doc.response(responseBuilder().responseCode("204").description("Nothing came in time"));
            query(doc, "wait", "Milliseconds", false, "How long to wait when nothing is there");
            query(doc, LIMIT, PAGE_LIMIT, false, "Most pushes to take");
            query(doc, "seen", "Positions", false, "Confirms everything up to these positions, joined by commas");
            header(doc, "Prefer", "wait=seconds, instead of the parameter");
        });
        routes.GET("/v1/sessions/{session}/stream", streams::stream, doc -> {
            ofSession(doc.operationId("stream").tag(SESSIONS).summary("The session's pushes as server-sent events"));
            doc.response(responseBuilder()
                    .responseCode("200")
                    .description("event: the push's name, data: the push as a frame, id: the session's positions")
                    .content(RouteDocs.content(MediaType.TEXT_EVENT_STREAM_VALUE, "Push")));
            doc.response(RouteDocs.problem());
            query(doc, "at", "Positions", false, "Where to begin, joined by commas, if there is no Last-Event-ID");
            query(
                    doc,
                    "token",
                    "Text",
                    false,
                    "The session's token, for programs in browsers, which cannot send headers");
            header(doc, "Last-Event-ID", "Where to go on: the id of the last event");
        });
    }

    private void addGroups(SpringdocRouteBuilder routes) {
        routes.POST("/v1/multicast", groups::multicast, doc -> {
            operation(doc, "multicastWithoutSession", GROUPS, "Sends one message without a session", "Accepted");
            body(doc, "MulticastFields", true);
            header(doc, "Idempotency-Key", "The field key");
        });
        routes.GET("/v1/groups", request -> groups.query(request, "groups"), doc -> {
            operation(doc, "listGroups", GROUPS, "Lists groups by name", "GroupPage");
            query(doc, "prefix", "Text", false, "What the names begin with");
            query(doc, "domain", "Text", false, "The order domain");
            query(doc, "at", "Positions", false, "Waits until these positions, joined by commas, are applied");
            page(doc);
        });
        routes.GET("/v1/members", request -> groups.query(request, "members"), doc -> {
            operation(doc, "listMembers", GROUPS, "Lists the members of a group", "MemberPage");
            query(doc, "group", "Group", true, "The group");
            query(doc, "view", "ViewId", false, "The view whose members are wanted");
            query(doc, "at", "Position", false, "Waits until this position is applied");
            query(doc, "strong", "Flag", false, "Reads in the order, after all that was answered before");
            page(doc);
        });
        routes.GET("/v1/history", request -> groups.query(request, "history"), doc -> {
            operation(doc, "readHistory", GROUPS, "Reads what was sent to a group", "HistoryPage");
            query(doc, "group", "Group", true, "The group");
            query(doc, "from", "Position", false, "Begins after this position");
            query(doc, "last", "Number", false, "Begins so many messages before the end");
            query(doc, "since", "Milliseconds", false, "Begins at this time, in milliseconds since 1970");
            query(doc, LIMIT, PAGE_LIMIT, false, "Most messages on the page");
        });
        routes.GET("/v1/settings", request -> groups.query(request, "settings"), doc -> {
            operation(doc, "readSettings", GROUPS, "The settings of a group", "Settings");
            query(doc, "group", "Group", true, "The group");
        });
        routes.GET(
                "/v1/limits",
                groups::limits,
                doc -> operation(doc, "limits", GROUPS, "What this gateway enforces", "Limits"));
    }

    private static void page(Builder doc) {
        query(doc, "after", "Text", false, "next of the page before");
        query(doc, LIMIT, PAGE_LIMIT, false, "Most entries on the page");
    }
}
