package dev.convene.standalone.broker;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.server.fault.FaultHandler;
import org.apache.kafka.server.fault.FaultHandlerException;
import org.apache.kafka.server.fault.LoggingFaultHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of faults inside the broker: a fatal one completes a future.
 *
 * <p>Kafka's own handler halts the JVM, which is right for a broker's process and wrong for a part of another one.
 */
final class BrokerFaults {

    private static final Logger log = LoggerFactory.getLogger(BrokerFaults.class);

    private final CompletableFuture<Throwable> fatal = new CompletableFuture<>();

    FaultHandler handler(String name, boolean isFatal, Runnable action) {
        return isFatal ? new Fatal(name, action) : new LoggingFaultHandler(name, action);
    }

    /** Completed normally with the first fatal fault, if there ever is one. */
    CompletableFuture<Throwable> fatal() {
        return fatal;
    }

    private final class Fatal implements FaultHandler {

        private final String name;
        private final Runnable action;

        private Fatal(String name, Runnable action) {
            this.name = name;
            this.action = action;
        }

        @Override
        public RuntimeException handleFault(String failureMessage, @Nullable Throwable cause) {
            log.error("The broker cannot go on: fault in its {}: {}", name, failureMessage, cause);
            action.run();
            RuntimeException fault = new FaultHandlerException(name + ": " + failureMessage, cause);
            fatal.complete(fault);
            return fault;
        }
    }
}
