package dev.convene.runtime.host;

import dev.convene.runtime.host.log.LogRecord;
import dev.convene.runtime.machine.EffectSink;
import dev.convene.runtime.machine.ShardMachine;

/**
 * Follows a machine that follows its log. All calls come from the reader's thread and must not block.
 *
 * @param <C> the shard's commands
 */
public interface TailListener<C> {

    /** Takes the effects of the records that are applied; asked for before each record. */
    EffectSink sink();

    /**
     * There is a new machine: at the start, when a newer snapshot had to be loaded (records in between were not seen), or
     * when a record is skipped by an operator's decision.
     *
     * @param why one of the above, for logs
     */
    default void opened(ShardMachine<C> machine, String why) {}

    /** A record is about to be applied. */
    default void applying(LogRecord record) {}

    /** A record was applied. */
    default void applied(LogRecord record) {}

    /** All records that one fetch brought were applied. */
    default void batchEnded() {}

    /** Everything is applied that stood in the log when the machine was opened. */
    default void caughtUp(long end) {}

    /**
     * The machine stopped and is of no use any longer; the log is watched for an operator's decision to skip. Effects of
     * the record at which it stopped may have been given to the sink: they do not count.
     */
    default void halted(Halt halt) {}

    /** An operator's record lets the shard pass over this offset: a new machine is opened. */
    default void skipped(long offset) {}

    /** No machine can be made at present: the log begins above all snapshots, or ends below. It is tried again. */
    default void unavailable(String why) {}

    /**
     * Why and where a machine stopped.
     *
     * @param offset the record that could not be applied
     * @param unknownBehaviour whether that record switches on a behaviour that this version does not know
     * @param what for people
     */
    record Halt(long offset, boolean unknownBehaviour, String what) {}
}
