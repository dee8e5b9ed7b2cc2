package dev.convene.gateway.core.delivery;

import dev.convene.protocol.At;
import dev.convene.protocol.Position;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.frame.Body;
import dev.convene.protocol.frame.Push;
import java.util.List;

/** Puts pushes into a session's queue, as the gateway would, for tests of the edges. */
public final class Feed {
    private Feed() {}

    /** A message in the default domain. */
    public static Push.Message message(long offset, String text) {
        return message(offset, text, false);
    }

    /** One that was sent before its receiver joined. */
    public static Push.Message history(long offset, String text) {
        return message(offset, text, true);
    }

    private static Push.Message message(long offset, String text, boolean history) {
        return new Push.Message(
                new At("default", "e-0", Position.of(offset)),
                "#sender#gw1",
                List.of("lobby"),
                ServiceLevel.FIFO,
                0,
                Body.ofText(text),
                null,
                null,
                false,
                history,
                null);
    }

    /** Offers all of them, then wakes the reader once; false if one did not fit. */
    public static boolean offer(SessionQueue queue, Push... pushes) {
        boolean fits = true;
        for (Push push : pushes) {
            int size = push instanceof Push.Message message ? message.body().size() : 0;
            fits &= queue.offer(new SharedPush(push, size, false)) == SessionQueue.Offer.QUEUED;
        }
        queue.signal();
        return fits;
    }
}
