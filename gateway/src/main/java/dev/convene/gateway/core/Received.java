package dev.convene.gateway.core;

import dev.convene.gateway.core.delivery.SharedPush;
import java.util.List;

/** What waited for a session, in its order; empty if nothing came in time. */
public record Received(List<SharedPush> pushes) {
    public Received {
        pushes = List.copyOf(pushes);
    }
}
