package dev.convene.gateway.adapter.log;

import dev.convene.gateway.core.LogGateway;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes what happens to the gateway into the log and tells whoever wants to act on it. */
public final class LoggedEvents implements LogGateway.Events {
    /** Another process has taken the gateway's name: this one serves nobody any longer and should end. */
    public record Superseded() {}

    private static final Logger logger = LoggerFactory.getLogger(LoggedEvents.class);

    private final Consumer<Object> listener;

    /** @param listener gets {@link Superseded} */
    public LoggedEvents(Consumer<Object> listener) {
        this.listener = listener;
    }

    @Override
    public void ready(long incarnation) {
        logger.info("The gateway serves as incarnation {}", incarnation);
    }

    @Override
    public void lost(long incarnation) {
        logger.warn("Incarnation {} of the gateway was declared lost; its readers are told to come back", incarnation);
    }

    @Override
    public void superseded() {
        logger.error("Another process has registered under this gateway's name; this one serves nobody any longer."
                + " Give each instance a name of its own (convene.instance)");
        listener.accept(new Superseded());
    }

    @Override
    public void halted(int partition, long offset, RuntimeException cause) {
        logger.error(
                "Partition {} of the group log cannot be applied beyond {}: {}", partition, offset, cause.getMessage());
    }

    @Override
    public void failed(Throwable cause) {
        logger.error("A client was told of an internal error, or was cut for it", cause);
    }
}
