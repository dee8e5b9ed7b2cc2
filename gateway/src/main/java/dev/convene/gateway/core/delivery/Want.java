package dev.convene.gateway.core.delivery;

import dev.convene.gateway.core.session.LocalSession;
import dev.convene.protocol.Position;

/**
 * What a session misses in one partition.
 *
 * @param joining what it is gathered in
 * @param from after this
 * @param until up to this, inclusive
 */
record Want(Receiver receiver, LocalSession session, Place place, Joining joining, Position from, Position until) {
    /** For the tail's thread. */
    boolean isOpen() {
        return receiver.session == session && place.joining == joining;
    }

    /** The rest of it. */
    Want after(Position position) {
        return new Want(receiver, session, place, joining, position, until);
    }
}
