package dev.convene.groupservice.core.sessions;

/** Bounds that are part of the state machine's behaviour: a change of one needs a new behaviour version. */
public final class SessionLimits {
    /** Domains that one session may be attached to, all logs together. */
    public static final int DOMAINS_PER_SESSION_MAX = 16;
    /** Domains of all logs; they are never forgotten. */
    public static final int DOMAINS_MAX = 10_000;
    /** Logs that may be declared. */
    public static final int LOGS_MAX = 16;
    /** Longest log name, in characters. */
    public static final int LOG_NAME_MAX = 64;
    /** Partitions that a log may have. */
    public static final int PARTITIONS_MAX = 1024;
    /** Sessions that may live at the same time. */
    public static final int SESSIONS_MAX = 1_000_000;
    /** Sessions that one gateway life may serve; their ids fit in one record when they leave together. */
    public static final int SESSIONS_PER_GATEWAY_MAX = 100_000;
    /** Sessions that one record may make. */
    public static final int SESSIONS_PER_RECORD_MAX = 4096;
    /** Gateway lives that may count at the same time. */
    public static final int GATEWAYS_MAX = 1024;
    /** Superseded registrations of a gateway name that are recognised when they come again. */
    public static final int SUPERSEDED_KEPT_MAX = 8;
    /** Longest grace period, milliseconds. */
    public static final int GRACE_MAX_MS = 3_600_000;
    /** SHA-256, in bytes. */
    public static final int TOKEN_HASH_BYTES = 32;

    private SessionLimits() {}
}
