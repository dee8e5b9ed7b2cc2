package dev.convene.systemtests.simulation;

import dev.convene.protocol.Names;
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

    /** In which domain it is done. */
    String domain() {
        return Names.domainOf(
                switch (operation) {
                    case GroupOperation.Join join -> join.group();
                    case GroupOperation.Leave leave -> leave.group();
                    case GroupOperation.Multicast message -> message.groups().getFirst();
                    default -> throw new IllegalStateException("not asked here: " + operation);
                });
    }

    Asked(GroupOperation operation, long number, @Nullable String messageId) {
        this.operation = operation;
        this.number = number;
        this.messageId = messageId;
    }
}
