package dev.convene.systemtests.cluster;

import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.frame.SessionOperation;
import dev.convene.testkit.client.Surface;
import dev.convene.testkit.client.TestSession;
import dev.convene.testkit.client.TestSessions;
import java.net.URI;

/** A client in a process of its own, so that a test can kill it: joins a group and sends for as long as it lives. */
public final class ClientProcess {
    private static final long GRACE_MS = 500;

    private ClientProcess() {}

    /** @param arguments the gateway's address and the group */
    public static void main(String[] arguments) {
        try (TestSessions sessions = new TestSessions()) {
            TestSession session = sessions.connect(
                    Surface.WS_JSON, URI.create(arguments[0]), new SessionOperation.Connect(null, true, GRACE_MS));
            session.join(arguments[1]);
            for (long i = 0; i < Long.MAX_VALUE; i++) {
                session.multicast(ServiceLevel.AGREED, "message " + i, arguments[1]);
            }
        }
    }
}
