package dev.convene.gateway.core.request;

/**
 * How long a window waits before it sends again: each time longer. All windows fail at the same moment when the log goes
 * away; so each waits for another part of the time, from half of it on, the same in every run. Guarded by the window.
 */
final class Pauses {
    private static final long FIRST_MS = 50;
    private static final long MAX_MS = 1000;

    private final long spread;
    private long mostMs = FIRST_MS;

    /** @param spread differs between windows */
    Pauses(long spread) {
        this.spread = spread;
    }

    /** @param attempt differs between the window's attempts */
    long nextMs(long attempt) {
        long half = mostMs / 2;
        long mixed = spread * 0x9E3779B97F4A7C15L + attempt * 0xC2B2AE3D27D4EB4FL;
        mostMs = Math.min(MAX_MS, mostMs * 2);
        return half + Math.floorMod(mixed ^ mixed >>> 32, half + 1);
    }

    /** It has worked. */
    void reset() {
        mostMs = FIRST_MS;
    }
}
