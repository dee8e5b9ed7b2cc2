package dev.convene.protocol.frame;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.At;
import dev.convene.protocol.Content;
import dev.convene.protocol.Limits;
import dev.convene.protocol.Seed;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.value.RandomValues;
import dev.convene.protocol.value.Value;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bodies reach every reader byte for byte. */
class BodyTests {
    private static final FrameCodec JSON = FrameCodec.json(Limits.DEFAULT);
    private static final FrameCodec CBOR = FrameCodec.cbor(Limits.DEFAULT);

    @Test
    void all256BytesSurvive() {
        byte[] all = new byte[256];
        for (int i = 0; i < 256; i++) {
            all[i] = (byte) i;
        }
        assertThat(throughAll(Body.ofBytes(all))).isEqualTo(Body.ofBytes(all));
        assertThat(throughAll(Body.ofBytes(new byte[0]))).isEqualTo(Body.ofBytes(new byte[0]));
        assertThat(throughAll(Body.ofBytes(new byte[20_000]))).isEqualTo(Body.ofBytes(new byte[20_000]));
    }

    @Test
    void allCharactersOfTextSurvive() {
        StringBuilder all = new StringBuilder();
        for (int point = 0; point <= Character.MAX_CODE_POINT; point += point < 0x3000 ? 1 : 0x111) {
            if (point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE) {
                all.appendCodePoint(point);
            }
        }
        assertThat(throughAll(Body.ofText(all.toString()))).isEqualTo(Body.ofText(all.toString()));
        assertThat(throughAll(Body.ofText(""))).isEqualTo(Body.ofText(""));
    }

    @Test
    void anyValueSurvives() {
        Seed.forEach(2000, random -> {
            Body body = Body.of(RandomValues.value(random, 6));
            assertThat(throughAll(body)).isEqualTo(body);
            assertThat(Body.of(body.value())).isEqualTo(body);
        });
    }

    /** Sent in one encoding, delivered in the other, sent on from there. */
    private static Body throughAll(Body body) {
        Body sentInJson =
                ((GroupOperation.Multicast) JSON.decode(JSON.encode(sent(body))).operation()).body();
        Body readInCbor = delivered(CBOR, sentInJson);
        Body sentInCbor = ((GroupOperation.Multicast)
                        CBOR.decode(CBOR.encode(sent(readInCbor))).operation())
                .body();
        return delivered(JSON, sentInCbor);
    }

    private static ClientFrame sent(Body body) {
        return new ClientFrame(
                1,
                new GroupOperation.Multicast(List.of("g"), ServiceLevel.AGREED, 0, body, false, null, 0, null, null));
    }

    private static Body delivered(FrameCodec codec, Body body) {
        return ((Push.Message) codec.decodeServer(codec.encode(message(body)), _ -> null)).body();
    }

    private static Push.Message message(Body body) {
        return new Push.Message(
                At.parse("default:e:1", ""),
                "#a#b",
                List.of("g"),
                ServiceLevel.AGREED,
                0,
                body,
                null,
                null,
                false,
                false,
                null);
    }

    @Test
    void jsonIsSplicedAsItStands() {
        Body odd = new Body(Content.JSON, "{ \"not\" : \"compact\" }".getBytes(StandardCharsets.UTF_8));
        String frame = new String(JSON.encode(message(odd)), StandardCharsets.UTF_8);
        assertThat(frame).contains("\"body\":{ \"not\" : \"compact\" }}");
        Body large = Body.of(new Value.ListValue(List.of(new Value.Str("x".repeat(100_000)))));
        assertThat(delivered(JSON, large)).isEqualTo(large);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'hi'                          | TEXT  | hi",
                "''                            | TEXT  | ``",
                "{'$bytes':'AAE='}             | BYTES | `\u0000\u0001`",
                "{ '$bytes' : '' }             | BYTES | ``",
                "null                          | JSON  | null",
                "true                          | JSON  | true",
                "12                            | JSON  | 12",
                "{'$int':'12'}                 | JSON  | 12",
                "1.0                           | JSON  | {'$decimal':1}",
                "1.25e2                        | JSON  | {'$decimal':125}",
                "[ 1 , 'a' ]                   | JSON  | [1,'a']",
                "{ }                           | JSON  | {}",
                "[{'$bytes':'AAE='}]           | JSON  | [{'$bytes':'AAE='}]",
                "{'$bytes':'AAE=','more':1}    | JSON  | {'$bytes':'AAE=','more':1}",
                "{'$map':{'$bytes':'x'}}       | JSON  | {'$map':{'$bytes':'x'}}",
                "{'$map':{'plain':'x'}}        | JSON  | {'plain':'x'}"
            })
    void theContentFollowsFromTheValue(String json, Content content, String bytes) {
        String frame = "{'multicast':{'group':'g','service':'fifo','body':" + json + "}}";
        ClientFrame read = JSON.decode(frame.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        Body body = ((GroupOperation.Multicast) read.operation()).body();
        assertThat(body).isEqualTo(new Body(content, bytes.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
    }
}
