package dev.convene.protocol.frame;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.ConveneException;
import dev.convene.protocol.Limits;
import dev.convene.protocol.Seed;
import dev.convene.protocol.ServiceLevel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read without the parser is what the parser reads, and everything else is left to it. */
class PlainMulticastTests {
    private static final String PLAIN =
            "{\"id\":7,\"multicast\":{\"group\":\"a/b\",\"service\":\"agreed\",\"body\":\"hi\"}}";
    private static final FrameCodec JSON = FrameCodec.json(Limits.DEFAULT);
    private static final List<String> PARTS = List.of(
            "\"group\":\"lobby\"",
            "\"group\":\"#a#b\"",
            "\"group\":\"a,b\"",
            "\"group\":\"\"",
            "\"group\":null",
            "\"service\":\"agreed\"",
            "\"service\":\"fifo\"",
            "\"service\":\"no\"",
            "\"body\":\"text\"",
            "\"body\":\"\"",
            "\"body\":\"\\u00e9\\n\"",
            "\"body\":\"é\"",
            "\"body\":\"\t\"",
            "\"body\":[1]",
            "\"type\":5",
            "\"other\":\"x\"",
            "");

    private static @Nullable ClientFrame plain(byte[] frame) {
        return PlainMulticast.read(frame, 0, frame.length, Limits.DEFAULT);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** What the parser makes of it: white space before it is nothing that is read here. */
    private static String parsed(byte[] frame) {
        byte[] behind = new byte[frame.length + 1];
        behind[0] = ' ';
        System.arraycopy(frame, 0, behind, 1, frame.length);
        assertThat(plain(behind)).isNull();
        try {
            return JSON.decode(behind).toString();
        } catch (ConveneException e) {
            return e.toString();
        }
    }

    private static byte[] anyFrame(Random random) {
        List<String> parts = new ArrayList<>();
        if (random.nextInt(4) > 0) {
            parts.addAll(List.of("\"group\":\"lobby\"", "\"service\":\"safe\"", "\"body\":\"some text\""));
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            parts.add(PARTS.get(random.nextInt(PARTS.size())));
        }
        Collections.shuffle(parts, random);
        List<String> ids = List.of("7", "9007199254740991", "9007199254740992", "0", "07", "-1", "1.5", "\"7\"", "");
        String id = random.nextInt(3) > 0 ? "123456" : ids.get(random.nextInt(ids.size()));
        byte[] frame = utf8("{\"id\":" + id + ",\"multicast\":{" + String.join(",", parts) + "}}");
        for (int i = random.nextInt(3) - 1; i > 0; i--) {
            frame[random.nextInt(frame.length)] = (byte) random.nextInt(256);
        }
        return frame;
    }

    @Test
    void whatIsReadMeansTheSameToTheParser() {
        AtomicInteger read = new AtomicInteger();
        Seed.forEach(20_000, random -> {
            byte[] frame = anyFrame(random);
            ClientFrame plain = plain(frame);
            if (plain != null) {
                read.incrementAndGet();
                assertThat(parsed(frame)).isEqualTo(plain.toString());
            }
        });
        assertThat(read).hasPositiveValue();
    }

    @Test
    void aSliceIsReadInPlace() {
        byte[] around = utf8("xx" + PLAIN + "}}");
        ClientFrame frame = PlainMulticast.read(around, 2, PLAIN.length(), Limits.DEFAULT);
        assertThat(frame)
                .isEqualTo(new ClientFrame(
                        7,
                        new GroupOperation.Multicast(
                                List.of("a/b"),
                                ServiceLevel.AGREED,
                                0,
                                Body.ofText("hi"),
                                false,
                                null,
                                0,
                                null,
                                null)));
        assertThat(JSON.decode(around, 2, PLAIN.length())).isEqualTo(frame);
    }

    @Test
    void nothingCutShortIsRead() {
        for (int length = 0; length < PLAIN.length(); length++) {
            assertThat(PlainMulticast.read(utf8(PLAIN), 0, length, Limits.DEFAULT))
                    .isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":7,\"multicast\":{\"group\":\"a\",\"group\":\"a\",\"service\":\"agreed\",\"body\":\"hi\"}}",
                "{\"id\":7,\"multicast\":{\"group\":\"a\",\"service\":\"agreed\",\"body\":\"hi\"}} ",
                "{\"id\":7,\"multicast\":{\"group\":\"a\",\"service\":\"agreed\",\"body\":\"hi\",}}",
                "{\"id\":7,\"multicast\":{\"group\":\"a\",\"service\":\"agreed\",\"body\":\"hi\"},\"id\":8}"
            })
    void theParserDecidesAboutWhatIsOdd(String frame) {
        assertThat(plain(utf8(frame))).isNull();
    }
}
