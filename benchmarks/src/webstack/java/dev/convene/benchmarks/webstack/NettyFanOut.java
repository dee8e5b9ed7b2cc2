package dev.convene.benchmarks.webstack;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** Reactor Netty for the handshake; frames go straight to the channel, the bytes shared, one flush for a batch. */
final class NettyFanOut implements FanOut {
    private static final int BATCH_MAX = 64;

    private final List<Receiver> receivers = new CopyOnWriteArrayList<>();
    private final DisposableServer server = HttpServer.create()
            .host("127.0.0.1")
            .port(0)
            .route(routes -> routes.ws("/ws", (in, out) -> {
                in.withConnection(connection -> {
                    Receiver receiver = new Receiver(connection.channel());
                    connection.addHandlerLast(receiver);
                    receivers.add(receiver);
                });
                return out.neverComplete();
            }))
            .bindNow();

    @Override
    public int port() {
        return server.port();
    }

    @Override
    public int receivers() {
        return receivers.size();
    }

    @Override
    public void publish(int messages) {
        for (int i = 0; i < messages; i++) {
            ByteBuf message = Unpooled.directBuffer(PAYLOAD.length).writeBytes(PAYLOAD);
            for (Receiver receiver : receivers) {
                receiver.offer(message.retainedDuplicate());
            }
            message.release();
        }
    }

    private static final class Receiver extends ChannelInboundHandlerAdapter {
        private final Queue<ByteBuf> waiting = new ConcurrentLinkedQueue<>();
        private final AtomicInteger size = new AtomicInteger();
        private final AtomicBoolean scheduled = new AtomicBoolean();
        private final Channel channel;

        Receiver(Channel channel) {
            this.channel = channel;
        }

        void offer(ByteBuf message) {
            while (size.get() >= WAITING_MAX) {
                LockSupport.parkNanos(20_000);
            }
            size.incrementAndGet();
            waiting.add(message);
            schedule();
        }

        private void schedule() {
            if (scheduled.compareAndSet(false, true)) {
                channel.eventLoop().execute(this::drain);
            }
        }

        private void drain() {
            scheduled.set(false);
            int written = 0;
            while (written < BATCH_MAX && channel.isWritable()) {
                ByteBuf message = waiting.poll();
                if (message == null) {
                    break;
                }
                channel.write(new TextWebSocketFrame(message), channel.voidPromise());
                written++;
            }
            if (written > 0) {
                size.addAndGet(-written);
                channel.flush();
            }
            if (written == BATCH_MAX && channel.isWritable()) {
                schedule();
            }
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            if (channel.isWritable()) {
                schedule();
            }
            context.fireChannelWritabilityChanged();
        }
    }
}
