package dev.convene.gateway.core.delivery;

import dev.convene.protocol.frame.Push;

/** A private message with a correlation: what waits for a reply takes it when its turn comes; else it is a push. */
final class ReplyPush extends SharedPush {
    private final Push.Message message;

    ReplyPush(Push.Message message, int payloadBytes, boolean droppable) {
        super(message, payloadBytes, droppable);
        this.message = message;
    }

    /** With qualified names. */
    Push.Message message() {
        return message;
    }
}
