package dev.convene.systemtests.simulation;

import dev.convene.protocol.frame.GroupOperation;
import org.jspecify.annotations.Nullable;

/** What a client of the product's gateway core has asked for. */
final class Asked {
    final GroupOperation operation;
    /** By which the client knows it; 0 for what is asked once. */
    final long number;
    /** Null for what is no message. */
    final @Nullable String messageId;
    /** How many times. */
    int asked;

    Asked(GroupOperation operation, long number, @Nullable String messageId) {
        this.operation = operation;
        this.number = number;
        this.messageId = messageId;
    }
}
