package dev.convene.gateway.adapter.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.netty.http.server.HttpServerRequest;

/** The connection of a response whose head and first part are on their way. Thread-safe. */
final class StreamSocket {
    private final Channel channel;

    private StreamSocket(Channel channel) {
        this.channel = channel;
    }

    static StreamSocket of(ServerRequest request) {
        HttpServerRequest connected =
                ServerHttpRequestDecorator.getNativeRequest(request.exchange().getRequest());
        AtomicReference<Channel> channel = new AtomicReference<>();
        connected.withConnection(connection -> channel.set(connection.channel()));
        return new StreamSocket(Objects.requireNonNull(channel.get()));
    }

    /** Runs a task on the connection's thread, after what runs there; not at all when that has ended for good. */
    void execute(Runnable task) {
        try {
            channel.eventLoop().execute(task);
        } catch (RejectedExecutionException _) {
            // The instance is down.
        }
    }

    /** The same after a while. */
    void after(Duration delay, Runnable task) {
        try {
            channel.eventLoop().schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException _) {
            // The instance is down.
        }
    }

    /**
     * Writes a further part; the whole array, which must not change. On the connection's thread.
     *
     * @param taken called there when the socket has taken it; never when the connection is lost
     */
    void write(byte[] part, Runnable taken) {
        channel.writeAndFlush(Unpooled.wrappedBuffer(part)).addListener(future -> {
            if (future.isSuccess()) {
                taken.run();
            }
        });
    }

    /** Closes it at once; what was not written is lost. */
    void cut() {
        channel.close();
    }
}
