package dev.convene.protocol.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Seed;
import dev.convene.protocol.value.Value.Bool;
import dev.convene.protocol.value.Value.Bytes;
import dev.convene.protocol.value.Value.Dec;
import dev.convene.protocol.value.Value.Int;
import dev.convene.protocol.value.Value.ListValue;
import dev.convene.protocol.value.Value.MapValue;
import dev.convene.protocol.value.Value.Str;
import dev.convene.protocol.value.Value.Tagged;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;

/** The value table and its two encodings. */
class ValueTests {
    private static final Wire JSON = Wire.of(Encoding.JSON, 64);
    private static final Wire CBOR = Wire.of(Encoding.CBOR, 64);

    static Stream<Map<String, String>> samples() throws Exception {
        Path file = Path.of(
                ValueTests.class.getResource("/golden/frames/values.golden").toURI());
        return Stream.of(Files.readString(file).split("\n\n")).map(block -> {
            Map<String, String> sample = new LinkedHashMap<>();
            block.lines()
                    .forEach(line ->
                            sample.put(line.substring(0, line.indexOf(':')), line.substring(line.indexOf(':') + 2)));
            return sample;
        });
    }

    @ParameterizedTest
    @MethodSource("samples")
    void aValueMeansTheSameAndIsWrittenTheSame(Map<String, String> sample) {
        Value value = json(sample.get("read"));
        assertThat(value.toString().replace("\n", "\\n").replace("\0", "\\0")).isEqualTo(sample.get("value"));
        assertThat(text(ValueWriter.toBytes(JSON, value))).isEqualTo(sample.get("json"));
        assertThat(json(sample.get("json"))).isEqualTo(value);
        assertThat(HexFormat.of().formatHex(ValueWriter.toBytes(CBOR, value))).isEqualTo(sample.get("cbor"));
        assertThat(ValueReader.parse(CBOR, HexFormat.of().parseHex(sample.get("cbor"))))
                .isEqualTo(value);
    }

    @Test
    void integersDecimalsAndTruthAreDifferent() {
        assertThat(List.<Value>of(new Int(1), new Dec(1.0), Bool.TRUE, new Str("1")))
                .doesNotHaveDuplicates();
        assertThat(new Dec(-0.0)).isEqualTo(new Dec(0.0)).hasSameHashCodeAs(new Dec(0.0));
        assertThat(new Bytes(new byte[] {1}))
                .isEqualTo(new Bytes(new byte[] {1}))
                .isNotEqualTo(new Bytes(new byte[0]));
        assertThat(json("{\"a\":1,\"b\":2}"))
                .isEqualTo(json("{\"b\":2,\"a\":1}"))
                .hasSameHashCodeAs(json("{\"b\":2,\"a\":1}"));
        assertThat(json("[1,2]")).isNotEqualTo(json("[2,1]"));
        assertThat(json("[]")).isNotEqualTo(json("{}"));
        assertThat(Value.NULL).isEqualTo(json("null")).isNotEqualTo(Bool.FALSE);
    }

    @Test
    void mapsKeepTheirOrder() {
        assertThat(((MapValue) json("{\"z\":1,\"a\":2,\"m\":3}")).entries().keySet())
                .containsExactly("z", "a", "m");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"$unknown\":1}",
                "{\"$\":1}",
                "{\"$any\":true}",
                "[{\"$type\":\"int\"}]",
                "{\"$int\":1.5}",
                "{\"$int\":\"\"}",
                "{\"$int\":\"-\"}",
                "{\"$int\":\"1.0\"}",
                "{\"$int\":\"0x10\"}",
                "{\"$int\":\"+1\"}",
                "{\"$int\":\"\\u0663\"}",
                "{\"$int\":\"9223372036854775808\"}",
                "{\"$int\":\"-9223372036854775809\"}",
                "{\"$int\":\"000000000000000000000000001\"}",
                "{\"$int\":{\"$int\":\"1\"}}",
                "{\"$decimal\":\"1\"}",
                "{\"$decimal\":null}",
                "{\"$decimal\":1e400}",
                "{\"$bytes\":5}",
                "{\"$bytes\":\"@@\"}",
                "{\"$bytes\":[1,2]}",
                "{\"$map\":[]}",
                "{\"$map\":1}",
                "{\"$map\":{\"$bytes\":\"\"},\"$x\":{\"$y\":1}}",
                "{\"$error\":1}",
                "{\"$error\":{}}",
                "{\"$error\":{\"classes\":[]}}",
                "{\"$error\":{\"classes\":\"E\"}}",
                "{\"$error\":{\"classes\":[1]}}",
                "{\"$error\":{\"classes\":[\"E\"],\"message\":1}}",
                "{\"$error\":{\"classes\":[\"E\"],\"traceback\":\"x\"}}",
                "9223372036854775808",
                "-9223372036854775809",
                "100000000000000000000000000000000000000",
                "1e400",
                "-1e400"
            })
    void whatIsNotOfTheTableIsRefused(String json) {
        assertThatThrownBy(() -> json(json))
                .isInstanceOfSatisfying(
                        ConveneException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_VALUE));
        // The copier refuses the same.
        assertThatThrownBy(() -> copy(JSON, json.getBytes(StandardCharsets.UTF_8), CBOR))
                .isInstanceOfSatisfying(
                        ConveneException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_VALUE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "NaN",
                "Infinity",
                "-Infinity",
                "01",
                "1.",
                ".5",
                "+1",
                "'a'",
                "\"a",
                "[1,]",
                "{\"a\":1,}",
                "{a:1}",
                "{\"a\":1,\"a\":2}",
                "{\"a\":1,\"\\u0061\":2}",
                "{\"x\":{\"a\":1,\"a\":2}}",
                "[1] 2",
                "1 1",
                "// c\n1",
                "/* c */1",
                "tru",
                "\"\u0001\"",
                "\"\\ud800\"",
                "\"\\udc00\\ud800\"",
                "\"\\ud800x\"",
                "\"\\ud800\\u0041\"",
                "\"\\x\"",
                "\"\\u12g4\"",
                "{\"\\udfff\":1}",
                "]",
                "}",
                "nullnull"
            })
    void whatIsNotJsonIsRefused(String json) {
        assertThatThrownBy(() -> json(json))
                .isInstanceOfSatisfying(
                        ConveneException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_FRAME));
    }

    @Test
    void notANumberHasNoWayIn() {
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            assertThatThrownBy(() -> new Dec(bad)).isInstanceOf(ConveneException.class);
        }
        for (String hex :
                List.of("f97e00", "fa7fc00000", "fb7ff8000000000000", "f97c00", "fbfff0000000000000", "fa7f800000")) {
            assertThatThrownBy(() -> ValueReader.parse(CBOR, HexFormat.of().parseHex(hex)))
                    .isInstanceOfSatisfying(
                            ConveneException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_VALUE));
        }
    }

    @Test
    void shorterFloatsOfCborAreDecimals() {
        assertThat(ValueReader.parse(CBOR, HexFormat.of().parseHex("f93e00"))).isEqualTo(new Dec(1.5));
        assertThat(ValueReader.parse(CBOR, HexFormat.of().parseHex("fa3fc00000")))
                .isEqualTo(new Dec(1.5));
    }

    @Test
    void templatesMayHoldTagsOfTemplates() throws IOException {
        String template =
                "[{\"$any\":true},{\"$type\":\"int\"},{\"$oneOf\":[1,{\"$int\":\"2\"}]},{\"a\":{\"$ref\":\"x\"}}]";
        try (JsonParser parser = JSON.parser(template.getBytes(StandardCharsets.UTF_8), 0, template.length())) {
            parser.nextToken();
            Value value = ValueReader.readTemplate(parser);
            assertThat(((ListValue) value).items())
                    .contains(
                            new Tagged(Tag.ANY, Bool.TRUE),
                            new Tagged(Tag.TYPE, new Str("int")),
                            new Tagged(Tag.ONE_OF, new ListValue(List.of(new Int(1), new Int(2)))));
            assertThat(text(ValueWriter.toBytes(JSON, value))).isEqualTo(template.replace("{\"$int\":\"2\"}", "2"));
        }
    }

    @Test
    void aValueHasALimitedNumberOfParts() {
        String json = "[" + "0,".repeat(ValueReader.PARTS_MAX) + "0]";
        assertThatThrownBy(() -> json(json))
                .isInstanceOfSatisfying(
                        ConveneException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_VALUE));
    }

    @Test
    void anyValueSurvivesBothEncodingsAndTheCopier() {
        Seed.forEach(3000, random -> {
            Value value = RandomValues.value(random, 5);
            byte[] json = ValueWriter.toBytes(JSON, value);
            byte[] cbor = ValueWriter.toBytes(CBOR, value);
            assertThat(ValueReader.parse(JSON, json)).isEqualTo(value);
            assertThat(ValueReader.parse(CBOR, cbor)).isEqualTo(value);
            assertThat(text(copy(JSON, json, JSON))).isEqualTo(text(json));
            assertThat(text(copy(CBOR, cbor, JSON))).isEqualTo(text(json));
            assertThat(ValueReader.parse(CBOR, copy(JSON, json, CBOR))).isEqualTo(value);
        });
    }

    private static byte[] copy(Wire from, byte[] bytes, Wire to) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonParser parser = from.parser(bytes, 0, bytes.length);
                JsonGenerator generator = to.generator(out)) {
            parser.nextToken();
            ValueCopier.copy(parser, generator, to.encoding());
        }
        return out.toByteArray();
    }

    private static Value json(String json) {
        return ValueReader.parse(JSON, json.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
