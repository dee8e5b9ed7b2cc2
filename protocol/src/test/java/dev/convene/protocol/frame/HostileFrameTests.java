package dev.convene.protocol.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Limits;
import dev.convene.protocol.Seed;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever comes in, a numbered refusal is all that comes out. */
class HostileFrameTests {
    private static final FrameCodec JSON = FrameCodec.json(Limits.DEFAULT);
    private static final FrameCodec CBOR = FrameCodec.cbor(Limits.DEFAULT);

    @Test
    void aFrameCutAnywhereIsRefused() {
        for (Golden golden : Golden.in("client")) {
            for (int length = 0; length < golden.json().length; length++) {
                assertThat(refusal(JSON, Arrays.copyOf(golden.json(), length)).code())
                        .isEqualTo(ErrorCode.BAD_FRAME);
            }
            for (int length = 0; length < golden.cbor().length; length++) {
                assertThat(refusal(CBOR, Arrays.copyOf(golden.cbor(), length)).code())
                        .isEqualTo(ErrorCode.BAD_FRAME);
            }
        }
    }

    @Test
    void anythingAfterAFrameIsRefused() {
        for (Golden golden : Golden.in("client")) {
            for (String more : List.of("x", "{}", "1", "]", "}", ",", "\0", "\"")) {
                byte[] json = join(golden.json(), more.getBytes(StandardCharsets.UTF_8));
                assertThat(refusal(JSON, json).code()).isEqualTo(ErrorCode.BAD_FRAME);
            }
            assertThat(refusal(CBOR, join(golden.cbor(), new byte[1])).code()).isEqualTo(ErrorCode.BAD_FRAME);
            assertThat(refusal(CBOR, join(golden.cbor(), golden.cbor())).code()).isEqualTo(ErrorCode.BAD_FRAME);
        }
    }

    @Test
    void aFrameAboveTheLimitIsRefusedBeforeItIsRead() {
        byte[] huge = new byte[Limits.DEFAULT.frameBytesMax() + 1];
        assertThat(refusal(JSON, huge).code()).isEqualTo(ErrorCode.FRAME_TOO_LARGE);
        assertThat(refusal(CBOR, huge).code()).isEqualTo(ErrorCode.FRAME_TOO_LARGE);
        assertThat(catchThrowable(() -> JSON.decodeOperation("multicast", huge)))
                .isInstanceOfSatisfying(
                        ConveneException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FRAME_TOO_LARGE));
    }

    @ParameterizedTest
    @ValueSource(ints = {33, 1000, 100_000})
    void aDeepFrameIsRefused(int depth) {
        String open = "{\"multicast\":{\"group\":\"g\",\"service\":\"fifo\",\"body\":";
        String lists = open + "[".repeat(depth) + "]".repeat(depth) + "}}";
        assertThat(refusal(JSON, utf8(lists)).code()).isEqualTo(ErrorCode.FRAME_TOO_DEEP);
        String maps = open + "{\"a\":".repeat(depth) + "1" + "}".repeat(depth) + "}}";
        assertThat(refusal(JSON, utf8(maps)).code()).isEqualTo(ErrorCode.FRAME_TOO_DEEP);
        String ignored = "{\"ping\":{\"x\":" + "[".repeat(depth) + "]".repeat(depth) + "}}";
        assertThat(refusal(JSON, utf8(ignored)).code()).isEqualTo(ErrorCode.FRAME_TOO_DEEP);
        for (int initial : new int[] {0x81, 0x9f}) {
            byte[] cbor = new byte[depth];
            Arrays.fill(cbor, (byte) initial);
            assertThat(refusal(CBOR, cbor).code()).isEqualTo(ErrorCode.FRAME_TOO_DEEP);
        }
        String cborMaps = "a16161".repeat(depth) + "00";
        assertThat(refusal(CBOR, HexFormat.of().parseHex(cborMaps)).code()).isEqualTo(ErrorCode.FRAME_TOO_DEEP);
    }

    @Test
    void theDeepestLegalFrameIsRead() {
        int depth = Limits.DEFAULT.depthMax() - 2;
        String body = "[".repeat(depth) + "]".repeat(depth);
        ClientFrame frame =
                JSON.decode(utf8("{\"multicast\":{\"group\":\"g\",\"service\":\"fifo\",\"body\":" + body + "}}"));
        assertThat(CBOR.decode(CBOR.encode(frame))).isEqualTo(frame);
    }

    @Test
    void wrongUtf8IsRefusedWhereverItStands() {
        byte[][] wrong = {
            {(byte) 0x80},
            {(byte) 0xc3},
            {(byte) 0xc0, (byte) 0x80},
            {(byte) 0xc1, (byte) 0xbf},
            {(byte) 0xe0, (byte) 0x80, (byte) 0x80},
            {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
            {(byte) 0xed, (byte) 0xbf, (byte) 0xbf},
            {(byte) 0xf0, (byte) 0x8f, (byte) 0xbf, (byte) 0xbf},
            {(byte) 0xf4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
            {(byte) 0xf5, (byte) 0x80, (byte) 0x80, (byte) 0x80},
            {(byte) 0xfe},
            {(byte) 0xff},
            {(byte) 0xe2, (byte) 0x82},
        };
        for (byte[] sequence : wrong) {
            for (String frame : List.of(
                    "{\"multicast\":{\"group\":\"g\",\"service\":\"fifo\",\"body\":\"*\"}}",
                    "{\"ping\":{\"ignored\":\"12345678*\"}}",
                    "{\"ping\":{\"*\":1}}",
                    "{\"*\":{}}")) {
                int star = frame.indexOf('*');
                byte[] json = join(utf8(frame.substring(0, star)), sequence, utf8(frame.substring(star + 1)));
                assertThat(refusal(JSON, json).code()).isEqualTo(ErrorCode.BAD_FRAME);
            }
            byte[] text = join(new byte[] {(byte) (0x60 + sequence.length)}, sequence);
            byte[] ping = HexFormat.of().parseHex("a16470696e67a1");
            assertThat(refusal(CBOR, join(ping, text, new byte[] {0})).code()).isEqualTo(ErrorCode.BAD_FRAME);
            assertThat(refusal(CBOR, join(ping, new byte[] {0x61, 'a'}, text)).code())
                    .isEqualTo(ErrorCode.BAD_FRAME);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":1,\"id\":2,\"ping\":{}}",
                "{\"ping\":{},\"ping\":{}}",
                "{\"join\":{\"group\":\"a\",\"group\":\"b\"}}",
                "{\"join\":{\"group\":\"a\",\"x\":1,\"x\":1}}",
                "{\"join\":{\"group\":\"a\",\"x\":{\"y\":1,\"y\":1}}}",
                "{\"join\":{\"group\":\"a\",\"history\":{\"last\":1,\"last\":1}}}",
                "{\"multicast\":{\"group\":\"a\",\"service\":\"fifo\",\"body\":{\"k\":1,\"k\":2}}}",
                "{\"multicast\":{\"group\":\"a\",\"service\":\"fifo\",\"service\":\"agreed\",\"body\":1}}",
                "{\"join\":{\"group\":\"\\ud83d\"}}",
                "{\"join\":{\"group\":\"\\ude00\\ud83d\"}}",
                "{\"ping\":{\"\\udead\":1}}",
                "{\"id\":1}",
                "{}",
                "{\"id\":1,\"ping\":{},\"poll\":{}}",
                "[]",
                "null",
                "\"ping\"",
                "7",
                "",
                "   ",
                "\uFEFF{\"ping\":{}}",
                "{\"ping\":{}}\n{\"ping\":{}}",
                "{'ping':{}}",
                "{\"ping\":{},}",
                "{\"id\":NaN,\"ping\":{}}",
                "{\"id\":01,\"ping\":{}}"
            })
    void whatIsNoFrameIsRefused(String json) {
        assertThat(refusal(JSON, utf8(json)).code()).isEqualTo(ErrorCode.BAD_FRAME);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'join':{'group':'a','presence':{'k':tru}}}                   | join.presence.k   | cannot stand there",
                "{'join':{'group':'a','presence':[1,{'k':                      | join.presence[1].k| its end is missing",
                "{'join':{'group':'a','x':{'y':1,'y':1}}}                      | join.x.y          | was there before",
                "{'id':1,'id':1,'ping':{}}                                     | id                | was there before",
                "{'join':{'group':01}}                                         | join.group        | cannot stand there",
                "{'ping':{}}}                                                  |                   | cannot stand there",
                "{                                                             |                   | its end is missing"
            })
    void whatCannotBeReadIsToldWithItsPlace(String json, String field, String message) {
        ConveneException refusal = refusal(JSON, utf8(json.replace('\'', '"')));
        assertThat(refusal.field()).isEqualTo(field);
        assertThat(refusal.message()).contains(message);
    }

    @Test
    void cborIsRefusedInTheSameWords() {
        byte[] twice = HexFormat.of().parseHex("a16470696e67a2617800617800");
        assertThat(refusal(CBOR, twice).field()).isEqualTo("ping.x");
        assertThat(refusal(CBOR, twice).message()).contains("was there before");
    }

    @Test
    void anIdOfNullIsAsIfItWereNotThere() {
        ClientFrame ping = new ClientFrame(0, new SessionOperation.Ping());
        assertThat(JSON.decode(utf8("{\"id\":null,\"ping\":{}}"))).isEqualTo(ping);
        assertThat(CBOR.decode(HexFormat.of().parseHex("a2626964f6" + "6470696e67a0")))
                .isEqualTo(ping);
    }

    @Test
    void longNumbersAndKeysAreRefused() {
        for (String number : List.of("9".repeat(100_000), "0." + "1".repeat(100_000), "1e" + "9".repeat(100_000))) {
            assertThat(refusal(JSON, utf8("{\"id\":" + number + ",\"ping\":{}}"))
                            .code())
                    .isEqualTo(ErrorCode.BAD_FRAME);
            assertThat(refusal(JSON, utf8("{\"ping\":{\"x\":" + number + "}}")).code())
                    .isEqualTo(ErrorCode.BAD_FRAME);
        }
        assertThat(refusal(JSON, utf8("{\"" + "k".repeat(100_000) + "\":{}}")).code())
                .isEqualTo(ErrorCode.BAD_FRAME);
        byte[] key = join(HexFormat.of().parseHex("a1790401"), utf8("k".repeat(1025)), new byte[] {(byte) 0xa0});
        assertThat(refusal(CBOR, key).code()).isEqualTo(ErrorCode.BAD_FRAME);
    }

    @Test
    void utf16IsRefused() {
        String frame = "{\"ping\":{}}";
        for (var charset : List.of(
                StandardCharsets.UTF_16,
                StandardCharsets.UTF_16BE,
                StandardCharsets.UTF_16LE,
                StandardCharsets.UTF_32BE,
                StandardCharsets.UTF_32LE)) {
            assertThat(refusal(JSON, frame.getBytes(charset)).code()).isEqualTo(ErrorCode.BAD_FRAME);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "5bffffffffffffffff, a byte string of 2^64 - 1",
        "5b7fffffffffffffff, of 2^63 - 1",
        "5a7fffffff00, of 2^31 - 1",
        "7bffffffffffffffff, a text of 2^64 - 1",
        "7a7fffffff61, a text of 2^31 - 1",
        "9bffffffffffffffff, a list of 2^64 - 1",
        "9b7fffffffffffffff, a list of 2^63 - 1",
        "9a7fffffff00, a list of 2^31 - 1",
        "bbffffffffffffffff, a map of 2^64 - 1",
        "bb7fffffffffffffff, a map of 2^63 - 1",
        "bb4000000000000000, a map whose number of items overflows",
        "ba7fffffff6161, a map of 2^31 - 1",
        "a1, a map that ends early",
        "bf, an open map that does not end",
        "bfff00, something after an open map",
        "ff, a break alone",
        "a1ff, a break in a map of known size",
        "bf616100ff00, something after",
        "bf6161ff, a key without a value",
        "bf00ff, a key that is a number",
        "a140a0, a key that is bytes",
        "a17f6161ffa0, a key in chunks",
        "5f4100, open bytes that do not end",
        "5f6161ff, text among chunks of bytes",
        "5f5f4100ffff, open chunks in chunks",
        "7f61c3ff, a chunk that cuts a character",
        "c074323031332d30332d32315432303a30343a30305a, a tag",
        "c249010000000000000000, a big number",
        "d9d9f7a0, self-described",
        "d81900, a reference to a string",
        "f7, undefined",
        "f0, a simple value",
        "f820, a long simple value",
        "fc, reserved",
        "1c, reserved",
        "1f, an open number",
        "df, an open tag",
        "f9, half a float",
        "fb0000, part of a double",
        "'', nothing",
        "80, a list",
        "a0, an empty map",
        "00, a number"
    })
    void cborThatLiesIsRefused(String hex, String why) {
        assertThat(refusal(CBOR, HexFormat.of().parseHex(hex)).code()).as(why).isEqualTo(ErrorCode.BAD_FRAME);
        byte[] inside = join(
                HexFormat.of().parseHex("a16470696e67a16178"), HexFormat.of().parseHex(hex));
        assertThat(outcome(CBOR, inside)).as(why).isIn(ErrorCode.BAD_FRAME, null);
    }

    @Test
    void cborOfEitherLengthIsRead() {
        ClientFrame ping = new ClientFrame(7, new SessionOperation.Ping());
        for (String hex : List.of(
                "a26269640764" + "70696e67a0",
                "bf6269640764" + "70696e67bfffff",
                "a2626964180764" + "70696e67a0",
                "b80262696407" + "7b000000000000000470696e67a0",
                "a2626964076470696e67a161785f414041ffff")) {
            assertThat(CBOR.decode(HexFormat.of().parseHex(hex))).isEqualTo(ping);
        }
    }

    @Test
    void whatComesBackOfAClientsTextIsShortAndCanBeSent() {
        String key = "\ud83d\ude00".repeat(200);
        String deep = ("{\"" + key + "\":").repeat(25) + "1e999" + "}".repeat(25);
        for (String frame : List.of(
                "{\"" + key + "\":{}}",
                "{\"x" + key + "\":{}}",
                "{\"" + key.repeat(3) + "\":{}}",
                "{\"presence\":{\"group\":\"g\",\"presence\":" + deep + "}}",
                "{\"presence\":{\"group\":\"g\",\"presence\":{\"$" + key + "\":1}}}",
                "{\"ping\":{}} \ud83d\ude00",
                "{\"ping\":{}} " + key,
                "{\"ping\":{\"x\":tru" + key + "}}",
                "{\"ping\":{\"x\":\u0001}}")) {
            ServerFrame.Failure failure = ServerFrame.Failure.of(refusal(JSON, utf8(frame)));
            for (FrameCodec codec : List.of(JSON, CBOR)) {
                byte[] sent = codec.encode(failure);
                assertThat(sent).hasSizeLessThan(3000);
                assertThat(codec.decodeServer(sent, _ -> null)).isEqualTo(failure);
            }
        }
    }

    @Test
    void randomBytesAreRefused() {
        Seed.forEach(10_000, random -> {
            byte[] bytes = new byte[random.nextInt(60)];
            random.nextBytes(bytes);
            outcome(JSON, bytes);
            outcome(CBOR, bytes);
            if (bytes.length > 0) {
                bytes[0] = (byte) (0xa0 + random.nextInt(4));
                outcome(CBOR, bytes);
            }
        });
    }

    @Test
    void mutatedFramesAreReadOrRefused() {
        List<Golden> samples = Golden.in("client");
        Seed.forEach(10_000, random -> {
            Golden sample = samples.get(random.nextInt(samples.size()));
            outcome(JSON, mutated(sample.json(), random, "{}[]\",:\\u09aeE+-. \n$"));
            outcome(CBOR, mutated(sample.cbor(), random, null));
        });
    }

    @Test
    void mutatedServerFramesAreReadOrRefusedByClients() {
        List<Golden> samples = Golden.in("server");
        Seed.forEach(5_000, random -> {
            Golden sample = samples.get(random.nextInt(samples.size()));
            String operation = sample.operation().isEmpty() ? null : sample.operation();
            for (FrameCodec codec : List.of(JSON, CBOR)) {
                byte[] bytes = codec == JSON ? sample.json() : sample.cbor();
                byte[] mutated = mutated(bytes, random, codec == JSON ? "{}[]\",:\\u09aeE+-. \n$" : null);
                Throwable thrown = catchThrowable(() -> codec.decodeServer(mutated, _ -> operation));
                assertThat(thrown).isIn((Object) null, thrown instanceof ConveneException ? thrown : "a refusal");
            }
        });
    }

    private static byte[] mutated(byte[] frame, Random random, String alphabet) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int changes = 1 + random.nextInt(3);
        int at = random.nextInt(frame.length);
        out.write(frame, 0, at);
        for (int i = at; i < frame.length; i++) {
            boolean change = changes > 0 && random.nextInt(4) == 0;
            changes -= change ? 1 : 0;
            int any = alphabet == null || random.nextInt(4) == 0
                    ? random.nextInt(256)
                    : alphabet.charAt(random.nextInt(alphabet.length()));
            switch (change ? random.nextInt(4) : 4) {
                case 0 -> out.write(any);
                case 1 -> out.write(frame[i] ^ 1 << random.nextInt(8));
                case 2 -> {
                    out.write(any);
                    out.write(frame[i]);
                }
                case 3 -> {}
                default -> out.write(frame[i]);
            }
        }
        return out.toByteArray();
    }

    /** The error, or null if it was read after all; anything else fails the test. */
    private static ErrorCode outcome(FrameCodec codec, byte[] bytes) {
        try {
            ClientFrame frame = codec.decode(bytes);
            assertThat(codec.decode(codec.encode(frame))).isEqualTo(frame);
            return null;
        } catch (ConveneException e) {
            requireOwnWords(e);
            return e.code();
        }
    }

    private static ConveneException refusal(FrameCodec codec, byte[] bytes) {
        Throwable thrown = catchThrowable(() -> codec.decode(bytes));
        assertThat(thrown).isInstanceOfSatisfying(ConveneException.class, HostileFrameTests::requireOwnWords);
        return (ConveneException) thrown;
    }

    /** A parser's sentences are about its classes and settings, of which a client knows nothing. */
    private static void requireOwnWords(ConveneException e) {
        assertThat(e.message())
                .isNotBlank()
                .hasSizeLessThan(500)
                .doesNotContain("Json", "Stream", "Parser", "Unexpected", "expecting", "START_", "VALUE_", "(code ");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
