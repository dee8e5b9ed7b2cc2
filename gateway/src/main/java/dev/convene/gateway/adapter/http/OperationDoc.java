package dev.convene.gateway.adapter.http;

import java.util.List;
import java.util.Locale;

/**
 * One operation as the documentation of the addresses shows it.
 *
 * @param name its name in frames and addresses
 * @param summary what it does
 * @param answer the schema of its answer
 */
record OperationDoc(String name, String summary, String answer) {

    /** What a session can ask for by {@code POST /v1/sessions/{session}/{operation}}. */
    static final List<OperationDoc> OF_SESSIONS = List.of(
            new OperationDoc("resume", "Takes the session up again on this gateway", "Resumed"),
            new OperationDoc("close", "Ends the session at once", "Nothing"),
            new OperationDoc("receive", "Takes what waits", "Received"),
            new OperationDoc("poll", "Says how much waits", "Waiting"),
            new OperationDoc("seen", "Confirms everything up to these positions", "Nothing"),
            new OperationDoc("ping", "Shows that the client lives", "Nothing"),
            new OperationDoc("join", "Joins a group", "Accepted"),
            new OperationDoc("leave", "Leaves a group", "Accepted"),
            new OperationDoc("multicast", "Sends one message to groups and sessions", "Accepted"),
            new OperationDoc("request", "Sends a message and waits for the first reply", "Replied"),
            new OperationDoc("reply", "Answers a request", "Accepted"),
            new OperationDoc("presence", "Changes what other members see of this one", "Accepted"),
            new OperationDoc("ack", "Messages of a queue group are done, or given back", "Accepted"),
            new OperationDoc("members", "Lists the members of a group", "MemberPage"),
            new OperationDoc("groups", "Lists groups by name", "GroupPage"),
            new OperationDoc("history", "Reads what was sent to a group", "HistoryPage"),
            new OperationDoc("settings", "Changes settings of a group, or asks for them", "Settings"));

    /** The schema of its fields. */
    String fields() {
        return title() + "Fields";
    }

    private String title() {
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }
}
