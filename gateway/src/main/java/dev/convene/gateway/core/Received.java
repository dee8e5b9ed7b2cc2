package dev.convene.gateway.core;

import dev.convene.gateway.core.delivery.SharedPush;
import java.util.List;

/** What waited for a session, in its order; empty if nothing came in time. */
public record Received(List<SharedPush> pushes) {
    /** Nothing came, since another request waits in this one's place; told apart by identity. */
    public static final Received SUPERSEDED = new Received(List.of());

    public Received {
        pushes = List.copyOf(pushes);
    }
}
