package dev.convene.runtime.host;

import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.log.LogEntry;
import dev.convene.runtime.host.TailListener.Halt;
import dev.convene.runtime.host.snapshot.EpochRaise;
import dev.convene.runtime.machine.ShardMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What an operator may do to the shards of one log, asked of any instance that holds them. Everything is checked before
 * anything is written, and what was asked for dry is only checked. Refusals are {@link ConveneException}s with {@code
 * bad-field} that say what is the matter; a broker that does not answer is an {@code AppendException} or a {@code
 * KafkaException}. Thread-safe.
 *
 * @param <C> the shards' commands
 */
public final class Operations<C> {
    private static final Executor VIRTUAL =
            task -> Thread.ofVirtual().name("operation").start(task);

    private final Hosting<C> hosting;
    private final ShardHost<C> host;

    public Operations(ShardHost<C> host) {
        this.host = host;
        this.hosting = host.hosting();
    }

    /**
     * Passes over the record at which a shard has halted, on all replicas and readers alike and for ever.
     *
     * @param offset the record; only the one at which the shard has halted here
     * @return what was done, in a sentence
     */
    public CompletableFuture<String> skip(int partition, long offset, boolean dry) {
        return host.halt(partition).thenCompose(halt -> {
            checkSkip(partition, offset, halt);
            String shard = shard(partition);
            if (dry) {
                return CompletableFuture.completedFuture(
                        "Would pass over the record at " + offset + " of " + shard + ".");
            }
            return append(partition, new LogEntry.Skip(offset))
                    .thenCompose(at -> hosting.instance()
                            .snapshots()
                            .skips()
                            .note(hosting.log(), partition, hosting.epoch(), offset)
                            .thenApply(noted -> "The record at " + offset + " of " + shard
                                    + " is passed over by all replicas, as the record at " + at + " says."));
        });
    }

    private void checkSkip(int partition, long offset, @Nullable Halt halt) {
        if (halt == null) {
            throw refusal("offset", shard(partition) + " has not halted here: nothing is passed over");
        }
        if (halt.offset() != offset) {
            throw refusal("offset", shard(partition) + " has halted at " + halt.offset() + ", not at " + offset);
        }
        if (halt.unknownBehaviour()) {
            throw refusal(
                    "offset",
                    "the record switches on a behaviour that this version does not know: start a newer version, the"
                            + " other replicas go on with it");
        }
    }

    /**
     * Switches a behaviour version on, in all partitions. An instance that does not know it gives its shards of this log
     * away and stops there.
     *
     * @return what was done, in a sentence
     */
    public CompletableFuture<String> behaviour(int version, boolean dry) {
        int known = hosting.shards().get().behaviourMax();
        if (version < 2 || version > known) {
            throw refusal(
                    "version",
                    "this version of Convene knows the behaviours 1 to " + known + " of " + hosting.log()
                            + ", and 1 is on from the beginning");
        }
        int partitions = hosting.instance().partitions(hosting.topic());
        if (dry) {
            return CompletableFuture.completedFuture("Would switch behaviour " + version + " on in " + partitions
                    + " partitions of " + hosting.log() + ".");
        }
        List<CompletableFuture<Long>> appended = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) {
            appended.add(append(partition, new LogEntry.Behaviour(version)));
        }
        return CompletableFuture.allOf(appended.toArray(CompletableFuture[]::new))
                .thenApply(all -> "Behaviour " + version + " is on in all " + partitions + " partitions of "
                        + hosting.log() + "; it cannot be switched off.");
    }

    /**
     * Raises the counter of the log's epoch after a restore: positions of before are not recovered from any longer.
     * Snapshots that fit the log as it is now stay in use. Refused while other processes run: each goes on under the epoch of
     * its start, and those of two epochs would take the shards from each other.
     *
     * @param snapshotsOf the epoch under which the snapshots were taken, null for the present one
     * @return what was done, in a sentence
     */
    public CompletableFuture<String> raiseEpoch(@Nullable String snapshotsOf, boolean dry) {
        Instance instance = hosting.instance();
        List<String> others = instance.others();
        if (!others.isEmpty()) {
            throw refusal(
                    "log",
                    String.join(", ", others) + " still run under the present epoch: stop all gateways and services but"
                            + " this one first. Nothing was changed.");
        }
        EpochRaise raise = new EpochRaise(
                instance.snapshots(), instance.admin(), hosting.log(), instance.partitions(hosting.topic()));
        return CompletableFuture.supplyAsync(() -> raise.run(snapshotsOf, dry), VIRTUAL);
    }

    /**
     * The digest of the replica held here and the offset that it is true at: replicas that have applied the same have the
     * same. Keeps the shard's thread as long as it takes to write its state out: some hundred milliseconds for a million
     * entities.
     */
    public CompletableFuture<Digest> digest(int partition) {
        // Refused where this instance does not hold it.
        return host.halt(partition).thenCompose(_ -> host.inspect(partition, Operations::digestOf));
    }

    /** @param position the next offset that the replica would apply */
    public record Digest(long position, String digest) {}

    private static Digest digestOf(ShardMachine<?> machine) {
        return new Digest(machine.view().nextOffset(), machine.digest());
    }

    private CompletableFuture<Long> append(int partition, LogEntry entry) {
        return hosting.instance().writer().append(hosting.topic(), partition, entry.toBytes());
    }

    private String shard(int partition) {
        return hosting.log() + "/" + partition;
    }

    private static ConveneException refusal(String field, String what) {
        return new ConveneException(ErrorCode.BAD_FIELD, field, what);
    }
}
