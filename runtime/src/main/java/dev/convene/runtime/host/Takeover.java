package dev.convene.runtime.host;

/** Whether a standby claims the next term. Pure. */
final class Takeover {
    /** An owner that was silent for so long is taken to be gone, milliseconds. */
    static final long SILENCE_MS = 1000;
    /** Each standby waits so much longer than the one before it, milliseconds. */
    static final long STAGGER_MS = 200;
    /** A claim whose outcome is not seen is made again after this time, milliseconds. */
    static final long CLAIM_AGAIN_MS = 500;

    private Takeover() {}

    /**
     * What a standby knows. It is asked only when it has read to the end and its own beats come through.
     *
     * @param term the present term; 0 before the first
     * @param ownRun whether the owner is an earlier run of this same instance, whose name is exclusive
     * @param goneAtStart whether the owner was silent for {@link #SILENCE_MS} when this instance's first beat came through
     * @param leaving whether the owner says that it gives the shard away, or has halted, or goes down
     * @param silentMs for how long the owner has been silent
     * @param disownedMs for how long the owner has been heard, since it became that, without calling itself owner; 0 if it
     *     does
     * @param readyMs for how long this standby could have claimed
     * @param rank its rank among the standbys, 0 first
     */
    record Situation(
            long term,
            boolean ownRun,
            boolean goneAtStart,
            boolean leaving,
            long silentMs,
            long disownedMs,
            long readyMs,
            int rank) {}

    /**
     * @param claim whether to claim now
     * @param why for logs, empty if there is no reason to
     */
    record Verdict(boolean claim, String why) {
        private static final Verdict NO = new Verdict(false, "");
    }

    static Verdict judge(Situation s) {
        long turn = s.rank * STAGGER_MS;
        if (s.ownRun) {
            return new Verdict(true, "the owner was an earlier run of this instance");
        }
        if (s.term == 0) {
            return new Verdict(s.readyMs >= turn, "there was no owner yet");
        }
        if (s.leaving) {
            return new Verdict(s.readyMs >= turn, "the owner gives the shard away");
        }
        if (s.goneAtStart) {
            return new Verdict(s.readyMs >= turn, "the owner was silent before this instance started");
        }
        if (s.silentMs >= SILENCE_MS) {
            return new Verdict(s.silentMs >= SILENCE_MS + turn, "the owner was silent for " + s.silentMs + " ms");
        }
        if (s.disownedMs >= SILENCE_MS) {
            return new Verdict(s.disownedMs >= SILENCE_MS + turn, "the owner does not hold the shard any longer");
        }
        return Verdict.NO;
    }
}
