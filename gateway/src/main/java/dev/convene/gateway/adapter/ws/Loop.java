package dev.convene.gateway.adapter.ws;

import io.netty.channel.EventLoop;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The event loop of one connection, as other threads see it. Thread-safe. */
final class Loop {
    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);

    private final EventLoop eventLoop;

    Loop(EventLoop eventLoop) {
        this.eventLoop = eventLoop;
    }

    /** Runs the task on the loop, at once if this is it; false if the loop has ended. */
    boolean run(Runnable task) {
        if (eventLoop.inEventLoop()) {
            task.run();
            return true;
        }
        return later(task);
    }

    /** Runs the task on the loop in a later turn; false if the loop has ended. */
    boolean later(Runnable task) {
        try {
            eventLoop.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            LOG.debug("The event loop has ended", e);
            return false;
        }
    }
}
