package dev.convene.gateway.adapter.http;

import dev.convene.gateway.core.Gateway;
import dev.convene.gateway.core.Received;
import dev.convene.gateway.core.delivery.SharedPush;
import dev.convene.gateway.core.session.LocalSession;
import dev.convene.gateway.core.session.Progress;
import dev.convene.protocol.At;
import dev.convene.protocol.CloseCode;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.FrameCodec;
import dev.convene.protocol.frame.Push;
import dev.convene.protocol.frame.ServerFrame;
import dev.convene.protocol.frame.SessionOperation.Receive;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/**
 * One stream of server-sent events: asks for what waits again and again, each time when the socket has taken what came
 * before, so that what it does not take stays in the session's queue, where it is counted. It ends when the session does,
 * when another reader takes over, or when the instance goes down; the last event says why. All that changes is of the
 * connection's thread.
 */
final class EventStream {
    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);

    private static final int PUSHES_MAX = 100;
    /** The event that a stream which resumes begins with. */
    private static final String RESUMED = "resumed";

    /** How long the last event may wait for the socket. */
    private static final Duration CLOSING_WAIT = Duration.ofSeconds(2);

    private static final byte[] COMMENT = ":\n\n".getBytes(StandardCharsets.US_ASCII);

    private final Gateway gateway;
    private final LocalSession session;
    private final FrameCodec codec;
    private final Draining draining;
    private final Answer.@Nullable Resumed resumed;
    private final StreamSocket socket;
    private final ReaderWatch watch;
    private final int waitMs;
    /** The newest position per domain: the id of the last event. */
    private final Map<String, At> positions = new LinkedHashMap<>();

    private Runnable done = () -> {};
    private Disposable shutdown = Disposables.disposed();
    /** What the stream waits for at present. */
    private @Nullable CompletableFuture<Received> waiting;
    /** Why the stream ends though its reader would go on, once that is known. */
    private @Nullable CloseCode end;
    /** Whether the last event was written. */
    private boolean ended;
    /** Whether the socket has taken the last event, or is gone. */
    private boolean over;

    /**
     * @param resumed what the stream begins with, or null
     * @param readerTimeout for how long the reader may take nothing while something waits
     */
    EventStream(
            Gateway gateway,
            LocalSession session,
            FrameCodec codec,
            Draining draining,
            Answer.@Nullable Resumed resumed,
            StreamSocket socket,
            Duration readerTimeout) {
        this.gateway = gateway;
        this.session = session;
        this.codec = codec;
        this.draining = draining;
        this.resumed = resumed;
        this.socket = socket;
        this.watch = new ReaderWatch(session, socket::cut, readerTimeout);
        this.waitMs = Math.min(gateway.limits().heartbeatMs(), gateway.limits().waitMsMax());
    }

    /** What the response begins with. */
    byte[] first() {
        return resumed == null ? begun() : begun(resumed);
    }

    /** The rest of the response, written to the socket by itself after the first: completes when nothing more comes. */
    Mono<Void> rest() {
        return Mono.<Void>create(sink -> {
            sink.onDispose(() -> socket.execute(this::stop));
            socket.execute(() -> begin(sink::success));
        });
    }

    private void begin(Runnable whenDone) {
        if (over) {
            return;
        }
        done = whenDone;
        watch.begin();
        shutdown = draining.begun().subscribe(null, null, () -> socket.execute(() -> end(CloseCode.SHUTDOWN)));
        session.onClose(code -> socket.execute(() -> closed(code)));
        ask();
    }

    /** Where the socket takes nothing there is nobody to tell: the connection is cut, and its client comes back. */
    private void closed(CloseCode code) {
        if (code == CloseCode.SLOW_READER) {
            cutUnlessOver();
        } else {
            end(code);
            socket.after(CLOSING_WAIT, this::cutUnlessOver);
        }
    }

    private void cutUnlessOver() {
        if (!over) {
            socket.cut();
        }
    }

    /** The event that the reader waits for, or the next one, is the last. */
    private void end(CloseCode code) {
        end = code;
        takeBackWait();
    }

    /** The connection is gone, or the response has ended. */
    private void stop() {
        over = true;
        watch.end();
        shutdown.dispose();
        takeBackWait();
    }

    private void takeBackWait() {
        CompletableFuture<Received> waits = waiting;
        if (waits != null) {
            waits.cancel(false);
        }
    }

    private void ask() {
        CloseCode code = end;
        if (over) {
            return;
        }
        if (code != null) {
            write(closing(code));
            return;
        }
        watch.asks();
        CompletableFuture<Received> answer = gateway.next(session, new Receive(waitMs, PUSHES_MAX, List.of()));
        waiting = answer;
        answer.whenComplete((received, failure) -> socket.execute(() -> answered(received, failure)));
    }

    private void answered(@Nullable Received received, @Nullable Throwable failure) {
        waiting = null;
        if (over) {
            return;
        }
        CloseCode closed = session.closed();
        CloseCode code = closed != null ? closed : end;
        if (received != null && !received.pushes().isEmpty()) {
            write(events(received));
        } else if (code != null) {
            write(closing(code));
        } else if (received == null) {
            write(failed(failure == null ? new ConveneException(ErrorCode.INTERNAL) : failure));
        } else {
            write(received == Received.SUPERSEDED ? closing(CloseCode.STALE) : COMMENT);
        }
    }

    private void write(byte[] bytes) {
        socket.write(bytes, () -> {
            if (ended) {
                stop();
                done.run();
            } else {
                ask();
            }
        });
    }

    private byte[] failed(Throwable failure) {
        ended = true;
        ConveneException refusal = ConveneException.of(failure);
        if (refusal.code() == ErrorCode.INTERNAL) {
            LOG.error("A stream ends because of an error in the gateway", failure);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        write(out, "error", codec.encode(ServerFrame.Failure.of(gateway.advised(refusal))));
        return out.toByteArray();
    }

    private byte[] closing(CloseCode code) {
        ended = true;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        write(out, ServerFrame.Closing.NAME, codec.encode(new ServerFrame.Closing(code.number(), code.reason())));
        return out.toByteArray();
    }

    /** A stream that breaks before its first event is resumed where it began. */
    private byte[] begun() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (!session.progress().positions().isEmpty()) {
            writeId(out);
        }
        out.writeBytes(COMMENT);
        return out.toByteArray();
    }

    private byte[] begun(Answer.Resumed answer) {
        answer.at().forEach(at -> positions.put(at.domain(), at));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writeId(out);
        write(out, RESUMED, join("{\"" + RESUMED + "\":", codec.encodeAnswer(answer), "}"));
        return out.toByteArray();
    }

    private byte[] events(Received received) {
        ByteArrayOutputStream out =
                new ByteArrayOutputStream(256 * received.pushes().size());
        for (SharedPush push : received.pushes()) {
            if (moveTo(push.push())) {
                writeId(out);
            }
            write(out, push.push().push(), push.encoded(codec));
        }
        return out.toByteArray();
    }

    /** Whether the push stands in the order of the session; what is replayed stands before it. */
    private boolean moveTo(Push push) {
        At at = Progress.placeOf(push);
        if (at == null) {
            return false;
        }
        positions.put(at.domain(), at);
        return true;
    }

    /** Where the session stands in every domain, also in those of which the stream had nothing yet. */
    private void writeId(ByteArrayOutputStream out) {
        for (At at : session.progress().positions()) {
            positions.merge(at.domain(), at, Progress::newer);
        }
        out.writeBytes("id:".getBytes(StandardCharsets.US_ASCII));
        boolean first = true;
        for (At at : positions.values()) {
            if (!first) {
                out.write(',');
            }
            first = false;
            out.writeBytes(at.toString().getBytes(StandardCharsets.US_ASCII));
        }
        out.write('\n');
    }

    private static byte[] join(String before, byte[] fields, String after) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(before.getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(fields);
        out.writeBytes(after.getBytes(StandardCharsets.US_ASCII));
        return out.toByteArray();
    }

    /** JSON as the codec writes it has no line breaks, so it is one line of data. */
    private static void write(ByteArrayOutputStream out, String event, byte[] data) {
        out.writeBytes(("event:" + event + "\ndata:").getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(data);
        out.writeBytes("\n\n".getBytes(StandardCharsets.US_ASCII));
    }
}
