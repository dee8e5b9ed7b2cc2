package dev.convene.standalone;

import dev.convene.standalone.StandaloneApplication.Arguments;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the person at the terminal how to talk to it. */
final class Welcome {
    private static final Logger log = LoggerFactory.getLogger("convene");

    private Welcome() {}

    static void print(Arguments options, String bootstrapServers, int shardsPort, Duration took) {
        log.info(
                """
                Convene is ready after {} s.

                  WebSocket  ws://localhost:{}/v1/ws     (subprotocol convene.v1.json or convene.v1.cbor)
                  HTTP       http://localhost:{}/v1      (http://localhost:{}/v1/openapi.json says what there is)
                  Shards     http://localhost:{}/v1/shards
                  Kafka      {}
                  Data       {}

                  Say hello to the group "chat":
                    curl -H 'content-type: application/json' \\
                         -d '{"group":"chat","service":"agreed","body":"hello"}' localhost:{}/v1/multicast

                  For development only: it listens on this machine's loopback and asks nobody who they are.
                  Ctrl-C stops it.
                """,
                String.format(java.util.Locale.ROOT, "%.1f", took.toMillis() / 1000.0),
                options.port(),
                options.port(),
                options.port(),
                shardsPort,
                bootstrapServers,
                options.dataDirectory(),
                options.port());
    }
}
