package dev.convene.protocol.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convene.protocol.Content;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.Seed;
import dev.convene.protocol.value.Encoding;
import dev.convene.protocol.value.Value;
import dev.convene.protocol.value.Wire;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JsonGenerator;

/** What is written by hand is what a generator of JSON writes, byte for byte. */
class JsonOutputTests {
    private static final Wire WIRE = Wire.of(Encoding.JSON, 32);

    private static String written(Consumer<JsonOutput> content) {
        JsonOutput out = new JsonOutput(WIRE);
        content.accept(out);
        return new String(out.toBytes(), StandardCharsets.UTF_8);
    }

    private static String generated(Consumer<JsonGenerator> content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator generator = WIRE.generator(out)) {
            content.accept(generator);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static String anyText(java.util.Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(random.nextInt(10) == 0 ? 2000 : 40); i > 0; i--) {
            int max = List.of(0x30, 0x80, 0x800, 0xd800, 0x11_0000).get(random.nextInt(5));
            int c = random.nextInt(max);
            text.appendCodePoint(c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? '"' : c);
        }
        return text.toString();
    }

    @Test
    void textsAndBodiesAreEscapedAlike() {
        Seed.forEach(3000, random -> {
            String text = anyText(random);
            String expected = generated(out -> out.writeString(text));
            assertThat(written(out -> out.text(text))).isEqualTo(expected);
            assertThat(written(out -> out.body(Body.ofText(text)))).isEqualTo(expected);
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 7, 10, -1, -10, 99, 1000, Long.MAX_VALUE, Long.MIN_VALUE, Long.MIN_VALUE + 1})
    void integersAreWrittenAlike(long value) {
        assertThat(written(out -> out.integer(value))).isEqualTo(generated(out -> out.writeNumber(value)));
    }

    @Test
    void mapsAndListsAreSeparatedAlike() {
        String text = written(out -> {
            out.startMap();
            out.name("none");
            out.startList(0);
            out.endList();
            out.name("some");
            out.startList(5);
            out.integer(-1);
            out.text("[");
            out.startMap();
            out.endMap();
            out.flag(true);
            out.text(":");
            out.endList();
            out.name("json");
            out.body(new Body(Content.JSON, "[1,{\"a\":2}]".getBytes(StandardCharsets.UTF_8)));
            out.name("bytes");
            out.body(Body.ofBytes(new byte[] {1, 2, 3, -1}));
            out.name("value");
            out.value(new Value.Int(1L << 60));
            out.name("last");
            out.flag(false);
            out.endMap();
        });
        assertThat(text)
                .isEqualTo("{\"none\":[],\"some\":[-1,\"[\",{},true,\":\"],\"json\":[1,{\"a\":2}],"
                        + "\"bytes\":{\"$bytes\":\"AQID/w==\"},\"value\":{\"$int\":\"1152921504606846976\"},"
                        + "\"last\":false}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud800", "a\udc00", "\ud83d\ud83d"})
    void aLoneSurrogateIsRefused(String text) {
        assertThatThrownBy(() -> written(out -> out.text(text))).isInstanceOf(ConveneException.class);
    }
}
