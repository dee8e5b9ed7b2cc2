package dev.convene.benchmarks.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** Clients of gateways on this machine, all on one event loop. Thread-safe. */
public final class LoadClients implements AutoCloseable {
    /** Handshakes and calls that are under way at once when there are many to make. */
    private static final int AT_ONCE = 50;

    private static final int PATIENCE_S = 60;

    private final EventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("load", true), NioIoHandler.newFactory());
    private final LoadClient.Scratch scratch = new LoadClient.Scratch();

    /** Opens a connection without a session. */
    public CompletableFuture<LoadClient> open(int port) {
        LoadClient client = new LoadClient(scratch);
        ChannelFuture connecting = new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 5000)
                .handler(client)
                .connect("127.0.0.1", port);
        connecting.addListener(done -> {
            Throwable cause = done.cause();
            if (cause != null) {
                client.ended(cause.toString());
            }
        });
        return client.opened();
    }

    /** Opens a connection and begins a session. */
    public CompletableFuture<LoadClient> connect(int port, boolean membership) {
        return open(port).thenCompose(client -> client.connect(membership));
    }

    /** Begins many sessions, some at a time. */
    public List<LoadClient> connect(int port, int count, boolean membership) {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            numbers.add(i);
        }
        return forEach(numbers, number -> connect(port, membership));
    }

    /** Does the same for all, some at a time, and waits for all of them. */
    public static <T, R> List<R> forEach(Collection<T> all, Function<T, CompletableFuture<R>> action) {
        Semaphore free = new Semaphore(AT_ONCE);
        List<CompletableFuture<R>> underWay = new ArrayList<>(all.size());
        for (T one : all) {
            free.acquireUninterruptibly();
            underWay.add(action.apply(one).whenComplete((result, failure) -> free.release()));
        }
        return underWay.stream().map(LoadClients::await).toList();
    }

    /** Waits for an outcome, at most a minute. */
    public static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get(PATIENCE_S, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("no answer within " + PATIENCE_S + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Ends the sessions, some at a time; those that are gone already are passed over. */
    public static void closeAll(Collection<LoadClient> clients) {
        forEach(
                clients.stream().filter(client -> client.end() == null).toList(),
                client -> client.closeSession().handle((done, failure) -> {
                    client.abort();
                    return client;
                }));
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, 500, TimeUnit.MILLISECONDS).awaitUninterruptibly(1000);
    }
}
