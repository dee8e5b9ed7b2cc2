package dev.convene.protocol.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Limits;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** What tests of hostile frames share: how a codec refuses them. */
final class Hostile {
    static final FrameCodec JSON = FrameCodec.json(Limits.DEFAULT);
    static final FrameCodec CBOR = FrameCodec.cbor(Limits.DEFAULT);

    private Hostile() {}

    /** The error, or null if it was read after all; anything else fails the test. */
    static ErrorCode outcome(FrameCodec codec, byte[] bytes) {
        try {
            ClientFrame frame = codec.decode(bytes);
            assertThat(codec.decode(codec.encode(frame))).isEqualTo(frame);
            return null;
        } catch (ConveneException e) {
            requireOwnWords(e);
            return e.code();
        }
    }

    static ConveneException refusal(FrameCodec codec, byte[] bytes) {
        Throwable thrown = catchThrowable(() -> codec.decode(bytes));
        assertThat(thrown).isInstanceOfSatisfying(ConveneException.class, Hostile::requireOwnWords);
        return (ConveneException) thrown;
    }

    /** A parser's sentences are about its classes and settings, of which a client knows nothing. */
    static void requireOwnWords(ConveneException e) {
        assertThat(e.message())
                .isNotBlank()
                .hasSizeLessThan(500)
                .doesNotContain("Json", "Stream", "Parser", "Unexpected", "expecting", "START_", "VALUE_", "(code ");
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
