package dev.convene.systemtests.groups;

import dev.convene.systemtests.RunningSystem;
import dev.convene.testkit.client.Surface;
import dev.convene.testkit.client.TestSession;
import dev.convene.testkit.client.TestSessions;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** What the tests of the cases share: the running system, sessions that are closed afterwards, names used once. */
abstract class GroupsContract {
    private static final AtomicInteger NAMES = new AtomicInteger();

    final RunningSystem system = RunningSystem.shared();
    final TestSessions sessions = new TestSessions();
    private final Deque<TestSession> open = new ArrayDeque<>();

    TestSession connect(Surface surface) {
        return connect(surface, system.gatewayA(), null);
    }

    TestSession connect(Surface surface, URI gateway, @Nullable String name) {
        return closing(sessions.connect(surface, gateway, name));
    }

    <S extends TestSession> S closing(S session) {
        open.push(session);
        return session;
    }

    /** A name that no other test uses. */
    static String unused(String prefix) {
        return prefix + "-" + Long.toString(ProcessHandle.current().pid(), 36) + "-" + NAMES.incrementAndGet();
    }

    @AfterEach
    void closeSessions() {
        while (!open.isEmpty()) {
            open.pop().close();
        }
        sessions.close();
    }
}
