package dev.convene.systemtests.groups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.convene.protocol.At;
import dev.convene.protocol.CloseCode;
import dev.convene.protocol.frame.Push;
import dev.convene.protocol.frame.SessionOperation;
import dev.convene.testkit.client.ClosedByServer;
import dev.convene.testkit.client.HttpSession;
import dev.convene.testkit.client.Positions;
import dev.convene.testkit.client.SseSession;
import dev.convene.testkit.client.Surface;
import dev.convene.testkit.client.TestSession;
import dev.convene.testkit.client.TestSessions;
import dev.convene.testkit.client.WebSocketSession;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** A session that has read up to here and no longer reads: its socket, its stream, or by polling. */
final class StoppedReader {
    private static final int PUSHES_MAX = 100_000;

    private final TestSession session;
    private final List<At> seen;
    private final List<Push.Message> since = new ArrayList<>();

    /** @param before what it has got, the newest last */
    StoppedReader(TestSession session, List<Push.Message> before) {
        this.session = session;
        this.seen = Positions.newest(before);
        switch (session) {
            case WebSocketSession socket -> socket.stopReading();
            case SseSession stream -> stream.stopReading();
            default -> session.abort();
        }
    }

    /** One that polls is there as long as it asks for anything: it is not given up for its silence. */
    void isThere() {
        if (session instanceof HttpSession) {
            session.send(new SessionOperation.Ping()).exceptionally(refused -> null);
        }
    }

    /**
     * Reads what had come before the end. A WebSocket is told why; a stream whose socket takes nothing cannot be, and one that
     * polls has no connection.
     */
    void awaitCut() {
        switch (session) {
            case WebSocketSession socket -> socket.goOn();
            case SseSession stream -> stream.goOn();
            default -> {
                return;
            }
        }
        ClosedByServer cut = catchThrowableOfType(ClosedByServer.class, () -> {
            for (int i = 0; i < PUSHES_MAX; i++) {
                if (session.next() instanceof Push.Message message) {
                    since.add(message);
                }
            }
        });
        assertThat(cut.code()).isEqualTo(session instanceof SseSession ? -1 : CloseCode.SLOW_READER.number());
    }

    /** What it got after it had stopped, out of buffers on the way. */
    List<Push.Message> readSinceThen() {
        return since;
    }

    TestSession resume(TestSessions sessions, URI gateway) {
        List<At> at = Positions.newest(seen, since);
        return switch (session) {
            case SseSession stream -> sessions.resumeStream(gateway, stream.connected(), stream.lastEventId());
            case HttpSession polling -> sessions.resumePolling(gateway, polling.connected(), at);
            default -> {
                TestSessions.Resumption resumption = sessions.resume(Surface.WS_JSON, gateway, session.connected(), at);
                assertThat(resumption.answer().recovered()).isTrue();
                yield resumption.session();
            }
        };
    }
}
