package dev.convene.gateway.core.log;

import dev.convene.group.Group;
import dev.convene.group.GroupListener;
import dev.convene.group.GroupShard;
import dev.convene.group.Member;
import dev.convene.group.View;
import dev.convene.protocol.Position;
import dev.convene.protocol.log.Answer;
import dev.convene.protocol.log.Origin;
import java.util.concurrent.CompletableFuture;

/** The group log as a reader sees it. One thread, the tail's, applies all partitions that are followed. */
public interface GroupLog {

    /** The log's epoch, as it stands in positions that clients see. */
    String epoch();

    /** How many partitions it has. */
    int partitions();

    /**
     * Follows a partition from its newest snapshot on. Everything that the follower hears, it hears on the tail's thread.
     */
    void follow(int partition, Follower follower);

    /** Follows a partition no longer; its follower hears nothing from now on. On the tail's thread. */
    void leave(int partition);

    /** Runs a task on the tail's thread, between two records, soon. Tasks keep their order. */
    void execute(Runnable task);

    /** The lowest offset from which a replay can begin: above a kept snapshot, or the start of the log. */
    CompletableFuture<Long> oldest(int partition);

    /** The first offset whose record is not older than this moment; the end if there is none. */
    CompletableFuture<Long> offsetAt(int partition, long wallMs);

    /**
     * Runs the state machine over a stretch of the past, on a thread of its own, to its end or until the listener wants no
     * more. Fails with NOT_RECOVERED if records or the
     * snapshot that it needs are gone.
     *
     * @param from the first offset of interest; the machine starts from the newest snapshot at or below it, and the
     *     replay's listener hears what comes before, too
     * @param to ends before this offset
     */
    CompletableFuture<Void> replay(int partition, long from, long to, Replay replay);

    /** Why a command was passed over. */
    enum Passed {
        /** Its session is not attached there. */
        NOT_ATTACHED,
        /** Its session has moved on. */
        STALE_EPOCH,
        /** Out of its turn, or the gateway life's own loss, which are told by themselves, or bytes that were answered as unreadable. */
        OTHERWISE_KNOWN
    }

    /** Hears what live records cause. */
    interface Follower {
        /** What the shard's listener is to be. */
        GroupListener listener();

        /** A machine stands at the partition's newest snapshot, or its start; its shard told its members already. */
        void started(GroupShard shard, PartitionState state);

        /**
         * A request was answered.
         *
         * @param ref the attempt that sent it
         */
        void answer(long incarnation, long requester, long number, long ref, Answer answer);

        /**
         * A request came out of its turn: it was passed over since one before it is missing, or is a repetition, whose
         * answer follows.
         *
         * @param ref the attempt that sent it
         * @param lastNumber the last number that the partition has taken of this requester
         */
        void outOfTurn(long incarnation, long requester, long number, long ref, long lastNumber);

        /** A command was passed over and has no effect. */
        void passedOver(Origin origin, Passed reason);

        /** The session is served by this gateway life from this record on; told in the middle of the record. */
        void sessionMoved(long session, long incarnation);

        /** This gateway life does not count any longer. */
        void gatewayLost(long incarnation);

        /** All records of a poll were applied. */
        void batchEnded();

        /** The end, as it was when following began, is reached. */
        void caughtUp();

        /** The shard can no longer be applied. */
        void halted(long offset, RuntimeException cause);
    }

    /** Hears a stretch of the past, on one thread. */
    interface Replay extends GroupListener {
        /** Called before each record's events. */
        default void beginRecord(long offset, long timestampMs) {}

        /**
         * Whether nothing more can be taken at present; asked before each record. The log may wait a while for that to
         * change, or {@linkplain #giveUp end} the replay here.
         */
        default boolean isFull() {
            return false;
        }

        /** The log waits no longer: nothing more comes. */
        default void giveUp() {}

        /** Whether nothing more is wanted. */
        default boolean isEnough() {
            return false;
        }

        @Override
        default void memberAdded(Group group, Member member) {}

        @Override
        default void memberRemoved(Group group, Member member) {}

        @Override
        default void view(View view) {}

        @Override
        default void transitional(Position at, Group group) {}

        @Override
        default void selfLeft(Position at, Group group, Member leaver) {}

        @Override
        default void presence(Position at, Group group, Member member) {}
    }
}
