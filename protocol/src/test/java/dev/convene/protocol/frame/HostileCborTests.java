package dev.convene.protocol.frame;

import static dev.convene.protocol.frame.Hostile.CBOR;
import static dev.convene.protocol.frame.Hostile.join;
import static dev.convene.protocol.frame.Hostile.outcome;
import static dev.convene.protocol.frame.Hostile.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.ErrorCode;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** CBOR that lies about lengths and types, and CBOR that is unusual and right. */
class HostileCborTests {
    @Test
    void cborIsRefusedInTheSameWords() {
        byte[] twice = HexFormat.of().parseHex("a16470696e67a2617800617800");
        assertThat(refusal(CBOR, twice).field()).isEqualTo("ping.x");
        assertThat(refusal(CBOR, twice).message()).contains("was there before");
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
}
