package dev.convene.gateway.core.log;

/** How the logs are doing, as far as this process can tell. Thread-safe. */
public interface LogState {
    /** A log that is always there. */
    LogState THERE = new LogState() {
        @Override
        public boolean isAway() {
            return false;
        }

        @Override
        public long pausedMs() {
            return 0;
        }
    };

    /** Whether nothing that was appended lately has come back: what waits for the logs waits in vain at present. */
    boolean isAway();

    /** For how long nothing is appended any more since appends fail, milliseconds; 0 while they are tried. */
    long pausedMs();
}
