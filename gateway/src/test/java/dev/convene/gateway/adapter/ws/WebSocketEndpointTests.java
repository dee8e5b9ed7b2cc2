package dev.convene.gateway.adapter.ws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convene.gateway.core.delivery.Feed;
import dev.convene.gateway.core.session.LocalSession;
import dev.convene.gateway.edge.EdgeServer;
import dev.convene.gateway.edge.FakeGateway;
import dev.convene.gateway.edge.LeakDetection;
import dev.convene.gateway.edge.RawHttp;
import dev.convene.protocol.CloseCode;
import dev.convene.protocol.ErrorCode;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

/** The upgrade, and what only a real socket shows: backpressure, broken framing, compression. */
@Timeout(60)
@ExtendWith(LeakDetection.class)
@SpringBootTest(
        classes = EdgeServer.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "convene.gateway.edge.origins=https://chess.example",
            "convene.gateway.edge.compression=true",
            "convene.gateway.edge.close-timeout=200ms",
            "convene.gateway.edge.idle-timeout=500ms",
            "convene.gateway.edge.body-timeout=500ms"
        })
class WebSocketEndpointTests {
    @LocalServerPort
    private int port;

    @Autowired
    private FakeGateway gateway;

    @Autowired
    private Connections connections;

    @BeforeEach
    void reset() {
        gateway.sessions.clear();
        gateway.suspended.clear();
    }

    private String upgrade(String headers) {
        return "GET /v1/ws HTTP/1.1\r\nHost: localhost:" + port + "\r\nConnection: keep-alive, Upgrade\r\n"
                + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                + headers + "\r\n";
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "convene.v1.json|convene.v1.json",
                "convene.v1.cbor|convene.v1.cbor",
                "other, convene.v1.cbor, convene.v1.json|convene.v1.cbor"
            })
    void theFirstSubprotocolThatIsKnownIsChosen(String offered, String chosen) {
        String head = RawHttp.head(port, upgrade("Sec-WebSocket-Protocol: " + offered + "\r\n"));
        assertThat(head).startsWith("HTTP/1.1 101 ").containsIgnoringCase("sec-websocket-protocol: " + chosen + "\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Sec-WebSocket-Protocol: convene.v2.json\r\n", "Sec-WebSocket-Protocol: ,,\r\n"})
    void withoutAKnownSubprotocolTheUpgradeIsRefused(String header) {
        String answer = RawHttp.exchange(port, upgrade(header + "Connection: close\r\n"));
        assertThat(answer)
                .startsWith("HTTP/1.1 400 ")
                .contains("application/problem+json")
                .contains("convene.v1.json");
    }

    @Test
    void aRequestThatIsNoUpgradeIsToldSo() {
        String answer = RawHttp.exchange(port, "GET /v1/ws HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 426 ").containsIgnoringCase("upgrade: websocket");
    }

    @ParameterizedTest
    @CsvSource({
        "Sec-WebSocket-Version: 13,400,Sec-WebSocket-Key",
        "'Sec-WebSocket-Version: 8\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',426,Sec-WebSocket-Version: 13"
    })
    void anUpgradeThatCannotBeAnsweredIsToldSo(String headers, int status, String advice) {
        String answer = RawHttp.exchange(
                port,
                "GET /v1/ws HTTP/1.1\r\nHost: localhost\r\nConnection: upgrade, close\r\nUpgrade: websocket\r\n"
                        + "Sec-WebSocket-Protocol: convene.v1.json\r\n" + headers + "\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 " + status + " ").contains("send " + advice);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "localhost|https://evil.example",
                "localhost|null",
                "evil.example|",
                "evil.example|http://evil.example",
                "evil.example:80|https://chess.example"
            })
    void otherHostsAndOriginsAreRefusedWhateverTheyAskFor(String host, String origin) {
        String headers = "Host: " + host + "\r\n" + (origin == null ? "" : "Origin: " + origin + "\r\n");
        assertThat(RawHttp.exchange(
                        port,
                        upgrade("Sec-WebSocket-Protocol: convene.v1.json\r\n")
                                .replaceFirst("Host: [^\r]*\r\n", headers)))
                .startsWith("HTTP/1.1 403 ")
                .contains("\"code\":1290");
        assertThat(RawHttp.exchange(port, "GET /v1/limits HTTP/1.1\r\n" + headers + "\r\n"))
                .startsWith("HTTP/1.1 403 ");
        assertThat(RawHttp.exchange(
                        port,
                        "POST /v1/sessions HTTP/1.1\r\n" + headers
                                + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"))
                .startsWith("HTTP/1.1 403 ");
        assertThat(gateway.sessions).isEmpty();
    }

    @Test
    void aListedOriginIsLetInAndMayReadTheAnswer() {
        String answer = RawHttp.exchange(
                port,
                "GET /v1/limits HTTP/1.1\r\nHost: localhost\r\nOrigin: https://chess.example\r\nConnection: close\r\n\r\n");
        assertThat(answer)
                .startsWith("HTTP/1.1 200 ")
                .containsIgnoringCase("access-control-allow-origin: https://chess.example");
    }

    /** A socket after the upgrade. */
    private final class Client implements AutoCloseable {
        private final Socket socket;
        private final DataInputStream in;

        Client(String headers, int receiveBuffer) throws IOException {
            socket = new Socket();
            if (receiveBuffer > 0) {
                socket.setReceiveBufferSize(receiveBuffer);
            }
            socket.connect(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            socket.setSoTimeout(20_000);
            in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
            write(upgrade("Sec-WebSocket-Protocol: convene.v1.json\r\n" + headers)
                    .getBytes(StandardCharsets.US_ASCII));
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) in.readByte());
            }
            assertThat(head.toString()).startsWith("HTTP/1.1 101 ");
        }

        void write(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        }

        /** A masked text frame of at most 125 bytes. */
        void text(String text) throws IOException {
            byte[] content = text.getBytes(StandardCharsets.UTF_8);
            byte[] frame = new byte[6 + content.length];
            frame[0] = (byte) 0x81;
            frame[1] = (byte) (0x80 | content.length);
            System.arraycopy(content, 0, frame, 6, content.length);
            write(frame);
        }

        /** The payload of the next frame. */
        byte[] read() throws IOException {
            in.readByte();
            int length = in.readByte() & 0x7f;
            long size = length == 126 ? in.readUnsignedShort() : length == 127 ? in.readLong() : length;
            byte[] payload = new byte[(int) size];
            in.readFully(payload);
            return payload;
        }

        LocalSession connect() throws IOException {
            text("{\"id\":1,\"connect\":{}}");
            read();
            return gateway.sessions.values().stream()
                    .max(java.util.Comparator.comparing(LocalSession::id))
                    .orElseThrow();
        }

        /** An error, the announcement of the close and the close frame come, in this order. */
        void assertRefused(ErrorCode error, CloseCode code) throws IOException {
            assertThat(new String(read(), StandardCharsets.UTF_8)).startsWith("{\"error\":{\"code\":" + error.number());
            assertThat(new String(read(), StandardCharsets.UTF_8))
                    .startsWith("{\"closing\":{\"code\":" + code.number());
            byte[] close = read();
            assertThat((close[0] & 0xff) << 8 | close[1] & 0xff).isEqualTo(code.number());
            assertThat(new String(close, 2, close.length - 2, StandardCharsets.UTF_8))
                    .isEqualTo(code.reason());
        }

        /** Reads until the server closes; the number of bytes. */
        long drain() {
            byte[] buffer = new byte[64 * 1024];
            long count = 0;
            try {
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    count += read;
                }
            } catch (SocketTimeoutException e) {
                throw new AssertionError("the server does not close the connection", e);
            } catch (IOException e) {
                return count;
            }
            return count;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void aReaderThatStopsIsCutAndOthersGoOn() throws IOException {
        try (Client slow = new Client("", 256 * 1024);
                Client quick = new Client("", 0)) {
            LocalSession slowSession = slow.connect();
            LocalSession quickSession = quick.connect();
            String text = "x".repeat(100_000);
            long offset = 0;
            while (Feed.offer(slowSession.queue(), Feed.message(offset, text))) {
                assertThat(offset).as("bounded").isLessThan(1000);
                Feed.offer(quickSession.queue(), Feed.message(offset, "quick"));
                assertThat(new String(quick.read(), StandardCharsets.UTF_8)).contains("quick");
                offset++;
            }
            slowSession.close(CloseCode.SLOW_READER);

            assertThat(slow.drain()).isLessThan(offset * 100_000);
            Feed.offer(quickSession.queue(), Feed.message(offset, "still here"));
            assertThat(new String(quick.read(), StandardCharsets.UTF_8)).contains("still here");
        }
    }

    @Test
    void theTimeLimitsOfRequestsAreNotThoseOfSockets() throws IOException {
        try (Client client = new Client("", 0)) {
            client.connect();
            client.socket.setSoTimeout(1500);
            assertThatThrownBy(client::read).isInstanceOf(SocketTimeoutException.class);
            client.text("{\"id\":2,\"ping\":{}}");
            assertThat(new String(client.read(), StandardCharsets.UTF_8)).isEqualTo("{\"id\":2,\"ok\":{}}");
        }
    }

    @Test
    void manyPushesArriveInOrder() throws IOException {
        try (Client client = new Client("", 0)) {
            LocalSession session = client.connect();
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < 5000; i++) {
                assertThat(Feed.offer(session.queue(), Feed.message(i, "m" + i + ";")))
                        .isTrue();
            }
            while (all.indexOf("m4999;") < 0) {
                all.append(new String(client.read(), StandardCharsets.UTF_8));
            }
            int at = -1;
            for (int i = 0; i < 5000; i++) {
                int next = all.indexOf("\"m" + i + ";", at + 1);
                assertThat(next).isGreaterThan(at);
                at = next;
            }
        }
    }

    @Test
    void framesAreCompressedWhereThatWasAgreed() throws IOException, DataFormatException {
        try (Client client = new Client("Sec-WebSocket-Extensions: permessage-deflate\r\n", 0)) {
            client.text("{\"id\":1,\"connect\":{}}");
            byte[] compressed = client.read();
            Inflater inflater = new Inflater(true);
            inflater.setInput(compressed);
            byte[] text = new byte[4096];
            int length = inflater.inflate(text);
            inflater.end();
            assertThat(new String(text, 0, length, StandardCharsets.UTF_8))
                    .startsWith("{\"id\":1,\"ok\":{\"session\":");
        }
    }

    @Test
    void aFrameThatInflatesBeyondTheLimitEndsTheConnection() throws IOException {
        byte[] zeros = new byte[8 * 1024 * 1024];
        java.util.zip.Deflater deflater = new java.util.zip.Deflater(9, true);
        deflater.setInput(zeros);
        byte[] bomb = new byte[64 * 1024];
        int size = deflater.deflate(bomb, 0, bomb.length, java.util.zip.Deflater.SYNC_FLUSH);
        deflater.end();
        assertThat(size).isLessThan(bomb.length);
        try (Client client = new Client("Sec-WebSocket-Extensions: permessage-deflate\r\n", 0)) {
            client.connect();
            java.nio.ByteBuffer frame = java.nio.ByteBuffer.allocate(8 + size);
            frame.put((byte) 0xc1)
                    .put((byte) 0xfe)
                    .putShort((short) size)
                    .putInt(0)
                    .put(bomb, 0, size);
            client.write(frame.array());
            assertThat(client.drain()).isLessThan(1000);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "81027b7d", // without a mask
                "838000000000", // an opcode of nobody
                "c18000000000", // a reserved bit
                "098000000000", // a ping in parts
                "80800000000080800000000000", // a continuation of nothing
                "89fe007e00000000" // a ping above 125 bytes
            })
    void whatIsNotTheProtocolIsRefusedBeforeTheConnectionEnds(String frame) throws IOException {
        try (Client client = new Client("", 0)) {
            client.connect();
            client.write(java.util.HexFormat.of().parseHex(frame));
            client.assertRefused(ErrorCode.BAD_FRAME, CloseCode.PROTOCOL_ERROR);
            assertThat(client.drain()).isZero();
        }
    }

    @Test
    void randomBytesAfterTheUpgradeEndTheConnectionOnly() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            try (Client client = new Client("", 0)) {
                byte[] noise = new byte[1 + random.nextInt(2000)];
                random.nextBytes(noise);
                client.write(noise);
                client.socket.shutdownOutput();
                assertThat(client.drain()).as("seed %d", seed).isLessThan(10_000);
            }
        }
        try (Client client = new Client("", 0)) {
            assertThat(client.connect()).isNotNull();
        }
    }

    @Test
    void aDeclaredLengthBeyondTheLimitEndsTheConnection() throws IOException {
        try (Client client = new Client("", 0)) {
            client.connect();
            java.nio.ByteBuffer head = java.nio.ByteBuffer.allocate(14);
            head.put((byte) 0x81).put((byte) 0xff).putLong(Long.MAX_VALUE).putInt(0);
            client.write(head.array());
            client.assertRefused(ErrorCode.FRAME_TOO_LARGE, CloseCode.TOO_BIG);
            assertThat(client.drain()).isLessThan(1000);
        }
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (gateway.suspended.isEmpty() || connections.count() > 0) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }
}
