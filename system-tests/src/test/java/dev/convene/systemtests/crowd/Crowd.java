package dev.convene.systemtests.crowd;

import dev.convene.protocol.Limits;
import dev.convene.protocol.frame.FrameCodec;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.IntFunction;

/** Many clients on one event loop. */
public final class Crowd implements AutoCloseable {
    private static final int FRAME_MAX = 4 << 20;
    private static final int PATIENCE_S = 120;

    private final EventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("crowd", true), NioIoHandler.newFactory());
    private final FrameCodec codec = FrameCodec.json(Limits.DEFAULT);

    /** Opens a connection without a session. */
    public CompletableFuture<CrowdMember> open(URI gateway) {
        CrowdMember member = new CrowdMember(codec);
        URI address = URI.create("ws://" + gateway.getAuthority() + "/v1/ws");
        new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline()
                                .addLast(
                                        new HttpClientCodec(),
                                        new HttpObjectAggregator(64 * 1024),
                                        new WebSocketClientProtocolHandler(
                                                address,
                                                WebSocketVersion.V13,
                                                "convene.v1.json",
                                                false,
                                                new DefaultHttpHeaders(),
                                                FRAME_MAX),
                                        new WebSocketFrameAggregator(FRAME_MAX),
                                        member);
                    }
                })
                .connect(gateway.getHost(), gateway.getPort())
                .addListener(done -> {
                    if (done.cause() != null) {
                        member.opened().completeExceptionally(done.cause());
                    }
                });
        return member.opened();
    }

    /** Begins sessions, as many at once as given, on the gateway of each. */
    public List<CrowdMember> connect(int count, int atOnce, IntFunction<URI> gateway) {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            numbers.add(i);
        }
        return forEach(numbers, atOnce, i -> open(gateway.apply(i)).thenCompose(CrowdMember::connect));
    }

    /** Does the same for all, some at a time, and waits for all of them. */
    public static <T, R> List<R> forEach(Collection<T> all, int atOnce, Function<T, CompletableFuture<R>> action) {
        Semaphore free = new Semaphore(atOnce);
        List<CompletableFuture<R>> underWay = new ArrayList<>(all.size());
        for (T one : all) {
            free.acquireUninterruptibly();
            underWay.add(action.apply(one).whenComplete((result, failure) -> free.release()));
        }
        return underWay.stream().map(Crowd::await).toList();
    }

    /** Waits for an outcome, two minutes at most. */
    public static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get(PATIENCE_S, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("no answer within " + PATIENCE_S + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Waits until something is so. */
    public static void until(String what, Duration patience, BooleanSupplier condition) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + patience + ": " + what);
            }
            java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
        }
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, 500, TimeUnit.MILLISECONDS).awaitUninterruptibly(2000);
    }
}
