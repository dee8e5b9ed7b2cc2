package dev.convene.runtime.host;

import dev.convene.runtime.machine.ShardMachine;
import java.util.concurrent.CompletableFuture;

/**
 * What an owner does by itself, beside ticks: for instance to declare gateways lost. Asked about every 100 ms on the
 * shard's thread, while this instance is the owner and has read to the end; must not block or change the machine.
 *
 * @param <C> the shard's commands
 */
@FunctionalInterface
public interface OwnerPolicy<C> {

    /** Looks at the state and appends what is to be appended. */
    void look(int partition, ShardMachine<C> machine, Commands commands);

    /** Appends owner commands. */
    @FunctionalInterface
    interface Commands {
        /**
         * Appends a command with the present term: void if another instance has become the owner by then. A command that
         * failed, or that is not seen to have had its effect, may be appended again.
         *
         * @param body the shard's own form of it
         */
        CompletableFuture<Long> append(byte[] body);
    }
}
