package dev.convene.gateway.core.delivery;

import dev.convene.gateway.core.session.LocalSession;
import dev.convene.protocol.CloseCode;
import java.util.function.Consumer;

/** Told by the delivery side, on the tail's thread; must not block. */
public interface DeliveryEvents {
    /** The session must no longer be served here; it is parked already. */
    void cut(LocalSession session, CloseCode why);

    /**
     * More was missed than may wait: the session gets what is in its queue, then it must be cut, and goes on from there with
     * its next resume. It is parked already.
     *
     * @param end stops the queue from taking more and calls its argument when it was drained
     */
    void exhausted(LocalSession session, Consumer<Runnable> end);

    /** The session is served by another gateway life from now on, or has ended; it is forgotten already. */
    void gone(LocalSession session, CloseCode why);
}
