package dev.convene.gateway.core.log;

/** The names of the logs that a gateway appends to, as commands of the sessions log call them. */
public final class Logs {
    public static final String SESSIONS = "sessions";
    public static final String GROUPS = "groups";

    private Logs() {}
}
