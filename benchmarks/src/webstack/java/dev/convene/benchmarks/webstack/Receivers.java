package dev.convene.benchmarks.webstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Receivers that only count bytes, so that they take as little of the machine as they can. One thread for all. */
final class Receivers {
    /** A frame of a server is not masked: two bytes, two of length, the payload. */
    private static final int FRAME_BYTES = 4 + FanOut.PAYLOAD.length;

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Selector selector;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(256 * 1024);
    private final int count;

    Receivers(int port, int count) {
        this.count = count;
        try {
            selector = Selector.open();
            for (int i = 0; i < count; i++) {
                SocketChannel channel =
                        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                upgrade(channel, port);
                channel.configureBlocking(false);
                channel.register(selector, SelectionKey.OP_READ, new long[1]);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void upgrade(SocketChannel channel, int port) throws IOException {
        String request = "GET /ws HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nConnection: Upgrade\r\n"
                + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
        ByteBuffer one = ByteBuffer.allocate(1);
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            one.clear();
            if (channel.read(one) < 0) {
                throw new IOException("closed during the handshake: " + head);
            }
            head.append((char) one.get(0));
        }
        if (!head.toString().startsWith("HTTP/1.1 101")) {
            throw new IOException("refused: " + head);
        }
    }

    /** Returns when every receiver has got so many more messages. */
    void await(long messages) throws IOException {
        long wanted = messages * FRAME_BYTES;
        int waiting = count;
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (waiting > 0) {
            if (selector.select(1000) == 0 && System.nanoTime() > deadline) {
                throw new IOException("frames are missing");
            }
            for (SelectionKey key : selector.selectedKeys()) {
                waiting -= read(key, wanted) ? 1 : 0;
            }
            selector.selectedKeys().clear();
        }
        for (SelectionKey key : selector.keys()) {
            ((long[]) key.attachment())[0] = 0;
        }
    }

    private boolean read(SelectionKey key, long wanted) throws IOException {
        buffer.clear();
        int read = ((SocketChannel) key.channel()).read(buffer);
        long[] got = (long[]) key.attachment();
        if (read < 0 || got[0] + read > wanted) {
            throw new IOException("closed, or more bytes than were sent");
        }
        got[0] += read;
        return read > 0 && got[0] == wanted;
    }
}
