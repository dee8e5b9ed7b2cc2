package dev.convene.protocol.frame;

import static dev.convene.protocol.frame.Hostile.CBOR;
import static dev.convene.protocol.frame.Hostile.JSON;
import static dev.convene.protocol.frame.Hostile.join;
import static dev.convene.protocol.frame.Hostile.refusal;
import static dev.convene.protocol.frame.Hostile.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Limits;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames that no friendly client sends: cut, too long, too deep, not UTF-8, not JSON. Each is refused in our own words. */
class HostileFrameTests {
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
}
