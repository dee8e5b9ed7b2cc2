package dev.convene.gateway.core.delivery;

import dev.convene.gateway.core.session.LocalSession;
import dev.convene.protocol.CloseCode;

/** Told by the delivery side, on the tail's thread; must not block. */
public interface DeliveryEvents {
    /** The session must no longer be served here; it is parked already. */
    void cut(LocalSession session, CloseCode why);

    /** The session is served by another gateway life from now on, or has ended; it is forgotten already. */
    void gone(LocalSession session, CloseCode why);
}
