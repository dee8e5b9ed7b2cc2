package dev.convene.gateway.core.delivery;

import dev.convene.gateway.core.session.LocalSession;
import dev.convene.protocol.Position;

/**
 * What a resumed session misses in one partition.
 *
 * @param from after this
 * @param until up to this, inclusive
 */
record Want(Receiver receiver, LocalSession session, Place place, Position from, Position until) {
    boolean isOpen() {
        return receiver.session == session && place.joining != null;
    }

    boolean covers(Position at) {
        return at.isAfter(from) && !at.isAfter(until);
    }
}
