package dev.convene.gateway.adapter.ws;

import dev.convene.gateway.core.ConnectRequest;
import dev.convene.gateway.core.Gateway;
import dev.convene.gateway.core.Opened;
import dev.convene.gateway.core.Principal;
import dev.convene.gateway.core.ReaderKind;
import dev.convene.gateway.core.ResumeRequest;
import dev.convene.gateway.core.session.LocalSession;
import dev.convene.protocol.CloseCode;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.ClientFrame;
import dev.convene.protocol.frame.ClientOperation;
import dev.convene.protocol.frame.FrameCodec;
import dev.convene.protocol.frame.ServerFrame;
import dev.convene.protocol.frame.SessionOperation;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One WebSocket of one client, from the handshake on. Its frames are taken in order; answers go out as they complete.
 * Everything happens on the event loop of the channel: what other threads have to say is handed over to it.
 */
final class ClientConnection extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);

    private enum State {
        /** There is no session; the first frame connects or resumes one. */
        NEW,
        /** A session is being connected or resumed; frames wait until that is settled. */
        OPENING,
        /** A session is served. */
        OPEN,
        /** The close frame is on its way; what still comes is dropped. */
        CLOSING
    }

    private final Gateway gateway;
    private final Principal principal;
    private final FrameCodec codec;
    private final WebSocketSettings settings;
    private final WebSocketMetrics metrics;
    private final Connections connections;
    private final Loop loop;
    private final boolean deflating;
    /** What came while a session was being opened; bounded, since nothing is read meanwhile. */
    private final Deque<ClientFrame> held = new ArrayDeque<>(0);

    private State state = State.NEW;
    private @Nullable ChannelHandlerContext context;
    private @Nullable FrameWriter writer;
    private @Nullable Heartbeat heartbeat;
    private @Nullable UnfinishedFrames unfinished;
    private @Nullable LocalSession session;
    private int outstanding;
    private boolean leaving;

    ClientConnection(
            Gateway gateway,
            Principal principal,
            FrameCodec codec,
            WebSocketSettings settings,
            WebSocketMetrics metrics,
            Connections connections,
            Loop loop,
            boolean deflating) {
        this.gateway = gateway;
        this.principal = principal;
        this.codec = codec;
        this.settings = settings;
        this.metrics = metrics;
        this.connections = connections;
        this.loop = loop;
        this.deflating = deflating;
    }

    /** What has come of frames that are not whole. */
    void holds(UnfinishedFrames frames) {
        unfinished = frames;
    }

    /** Whether a frame that was begun so long ago has not come whole. */
    boolean hasUnfinished(long nanos) {
        return unfinished != null && unfinished.isOlderThan(nanos);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        writer = new FrameWriter(added, codec, metrics, deflating);
        heartbeat = new Heartbeat(
                added, this, writer, gateway.limits(), settings.connectTimeout().toNanos());
        connections.add(this);
    }

    @Override
    public void channelInactive(ChannelHandlerContext inactive) {
        state = State.CLOSING;
        release();
        connections.remove(this);
        inactive.fireChannelInactive();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext changed) {
        // What it sends is read all the same: who takes no answers is cut when too much waits for it.
        if (state == State.OPEN) {
            drain();
        }
        changed.fireChannelWritabilityChanged();
    }

    /** Takes complete messages and control frames; the gate before it has passed them. */
    @Override
    public void channelRead(ChannelHandlerContext reading, Object message) {
        if (!(message instanceof WebSocketFrame frame)) {
            reading.fireChannelRead(message);
            return;
        }
        try {
            switch (frame) {
                case PingWebSocketFrame ping ->
                    reading.writeAndFlush(new PongWebSocketFrame(ping.content().retain()));
                case PongWebSocketFrame _ -> {}
                case CloseWebSocketFrame close -> peerClosed(close);
                default -> read(frame);
            }
        } finally {
            frame.release();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext caught, Throwable cause) {
        switch (cause) {
            case TooLongFrameException _ -> close(new ConveneException(ErrorCode.FRAME_TOO_LARGE), CloseCode.TOO_BIG);
            case CorruptedWebSocketFrameException _ -> {
                // The decoder has sent the close frame: nothing may follow it.
                if (writer != null) {
                    writer.discard();
                }
                startClosing();
            }
            case DecoderException _ -> close(new ConveneException(ErrorCode.BAD_FRAME), CloseCode.BAD_FRAME);
            // The peer is gone, in the middle of a message perhaps.
            case ClosedChannelException _, PrematureChannelClosureException _ -> {}
            case IOException _ -> caught.close();
            default -> {
                LOG.warn("A connection ends because of an error in the gateway", cause);
                caught.close();
            }
        }
    }

    boolean isConnected() {
        return state == State.OPEN;
    }

    /** Whether it has not even asked for a session; one that has is answered by the gateway in its own time. */
    boolean isNew() {
        return state == State.NEW;
    }

    boolean isClosing() {
        return state == State.CLOSING;
    }

    void frameArrived() {
        metrics.frameReceived();
        if (heartbeat != null) {
            heartbeat.heard();
        }
    }

    /** Closes from any thread. */
    void closeFromOutside(CloseCode code) {
        loop.run(() -> close(code));
    }

    /** Announces the close, sends the close frame and gives the peer a moment to answer it. The session is left to be resumed. */
    void close(CloseCode code) {
        ChannelHandlerContext closing = context;
        if (announce(code) && closing != null) {
            closing.writeAndFlush(new CloseWebSocketFrame(code.number(), code.reason()));
        }
    }

    /** Refuses what is no frame, and closes. */
    void close(ConveneException refusal, CloseCode code) {
        refuse(refusal);
        close(code);
    }

    /** Refuses what is not the WebSocket protocol, before the decoder's close frame. */
    void violated(ConveneException refusal, CloseCode code) {
        refuse(refusal);
        announce(code);
    }

    private boolean announce(CloseCode code) {
        if (state == State.CLOSING) {
            return false;
        }
        metrics.closed(code);
        if (code != CloseCode.NORMAL && writer != null) {
            writer.write(new ServerFrame.Closing(code.number(), code.reason()));
        }
        startClosing();
        return true;
    }

    private void startClosing() {
        ChannelHandlerContext closing = context;
        if (state == State.CLOSING || closing == null) {
            return;
        }
        state = State.CLOSING;
        if (writer != null) {
            writer.flush();
        }
        release();
        closing.channel().config().setAutoRead(true);
        closing.executor()
                .schedule(() -> closing.close(), settings.closeTimeout().toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Gives back what belongs to the connection; the session lives on without it. */
    private void release() {
        if (heartbeat != null) {
            heartbeat.stop();
        }
        held.clear();
        LocalSession served = session;
        session = null;
        if (served != null) {
            served.queue().onReadable(null);
            if (!leaving) {
                gateway.suspended(served);
            }
        }
    }

    private void peerClosed(CloseWebSocketFrame frame) {
        ChannelHandlerContext closing = context;
        startClosing();
        if (closing != null) {
            closing.writeAndFlush(
                            new CloseWebSocketFrame(true, 0, frame.content().retain()))
                    .addListener(_ -> closing.close());
        }
    }

    private void read(WebSocketFrame message) {
        ClientFrame frame;
        try {
            frame = codec.decode(message.content().nioBuffer());
        } catch (ConveneException e) {
            switch (e.code()) {
                case BAD_FRAME, FRAME_TOO_DEEP -> close(e, CloseCode.BAD_FRAME);
                case FRAME_TOO_LARGE -> close(e, CloseCode.TOO_BIG);
                default -> refuse(e);
            }
            return;
        }
        if (state != State.OPENING) {
            take(frame);
        } else if (held.size() < gateway.limits().outstandingMax()) {
            held.add(frame);
        } else {
            refuse(new ConveneException(ErrorCode.TOO_MANY_OUTSTANDING).answering(frame.id()));
        }
    }

    private void take(ClientFrame frame) {
        long id = frame.id();
        LocalSession served = session;
        switch (frame.operation()) {
            case SessionOperation.Connect connect
            when served == null ->
                open(id, () -> gateway.connect(new ConnectRequest(connect, principal, ReaderKind.CONNECTION)));
            case SessionOperation.Resume resume
            when served == null ->
                open(id, () -> gateway.resume(new ResumeRequest(resume, principal, ReaderKind.CONNECTION)));
            case SessionOperation.Connect _, SessionOperation.Resume _ ->
                refuse(new ConveneException(ErrorCode.ALREADY_CONNECTED).answering(id));
            case SessionOperation.Ping _ when served == null -> answer(id, Answer.Done.DONE);
            case ClientOperation operation
            when served == null ->
                refuse(new ConveneException(ErrorCode.NOT_CONNECTED, operation.operation(), "connect or resume first")
                        .answering(id));
            // Here what waits is sent without being asked for.
            case SessionOperation.Receive _ -> answer(id, new Answer.Received(List.of()));
            case ClientOperation operation -> call(id, served, operation);
        }
    }

    private <A extends Answer> void open(long id, Supplier<CompletableFuture<Opened<A>>> request) {
        ChannelHandlerContext opening = context;
        if (opening == null) {
            return;
        }
        state = State.OPENING;
        opening.channel().config().setAutoRead(false);
        Failures.attempt(request).whenComplete((opened, failure) -> {
            if (!loop.run(() -> opened(id, opened, failure)) && opened != null) {
                gateway.suspended(opened.session());
            }
        });
    }

    private void opened(long id, @Nullable Opened<?> opened, @Nullable Throwable failure) {
        ChannelHandlerContext opening = context;
        if (state != State.OPENING || opening == null) {
            if (opened != null) {
                gateway.suspended(opened.session());
            }
            return;
        }
        if (opened == null) {
            state = State.NEW;
            refuse(Failures.refusal(failure).answering(id));
        } else {
            LocalSession served = opened.session();
            state = State.OPEN;
            session = served;
            answer(id, opened.answer());
            served.onClose(code -> loop.run(() -> closedByGateway(served, code)));
            served.queue().onReadable(() -> loop.run(this::drain));
        }
        while (state != State.OPENING && !held.isEmpty()) {
            take(held.remove());
        }
        if (state == State.NEW || state == State.OPEN) {
            opening.channel().config().setAutoRead(true);
        }
    }

    private void call(long id, LocalSession served, ClientOperation operation) {
        if (outstanding >= gateway.limits().outstandingMax()) {
            refuse(new ConveneException(ErrorCode.TOO_MANY_OUTSTANDING).answering(id));
            return;
        }
        outstanding++;
        boolean last = operation instanceof SessionOperation.Close;
        leaving |= last;
        Failures.attempt(() -> gateway.call(served, operation))
                .whenComplete((answer, failure) -> loop.run(() -> {
                    outstanding--;
                    if (answer != null) {
                        answer(id, answer);
                    } else {
                        refuse(Failures.refusal(failure).answering(id));
                        leaving &= !last;
                    }
                    if (last && answer != null) {
                        close(CloseCode.NORMAL);
                    }
                }));
    }

    private void closedByGateway(LocalSession closed, CloseCode code) {
        // A session that ends as its client asked is answered before the connection closes.
        if (closed == session && !leaving) {
            close(code);
        }
    }

    private void drain() {
        LocalSession served = session;
        if (state != State.OPEN || served == null || writer == null) {
            return;
        }
        if (writer.drain(served.queue())) {
            loop.later(this::drain);
        }
    }

    private void answer(long id, Answer answer) {
        if (id != 0) {
            write(new ServerFrame.Ok(id, answer));
        }
    }

    private void refuse(ConveneException refusal) {
        metrics.frameRefused();
        write(ServerFrame.Failure.of(gateway.advised(refusal)));
    }

    private void write(ServerFrame frame) {
        if (state == State.CLOSING || writer == null) {
            return;
        }
        writer.write(frame);
        if (writer.bytesWaiting() > gateway.limits().queuedBytesMax()) {
            close(CloseCode.SLOW_READER);
        }
    }
}
