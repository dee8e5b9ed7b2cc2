package dev.convene.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Positions are read in exactly the form in which they are given out. */
class PositionTests {
    @ParameterizedTest
    @ValueSource(strings = {"-1", "0", "7", "7.1", "123456789012345678", "0.2147483647"})
    void aPositionIsReadAsItIsWritten(String text) {
        assertThat(Position.parse(text, "x")).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "-2",
                "+1",
                "01",
                "1.",
                ".1",
                "1.0",
                "1.01",
                "1.-1",
                "-1.1",
                "1.1.1",
                "1 ",
                " 1",
                "1e3",
                "x",
                "\u0663",
                "1234567890123456789",
                "1.2147483648",
                "9999999999999999999999",
                "0x1",
                "1_0"
            })
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> Position.parse(text, "x")).isInstanceOfSatisfying(ConveneException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.BAD_POSITION);
            assertThat(e.field()).isEqualTo("x");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"default:e:0", "a.b:X_y-9:7.3", "default:e:-1", "with:colon:e:5"})
    void aPlaceInALogIsReadAsItIsWritten(String text) {
        assertThat(At.parse(text, "x")).hasToString(text);
    }

    @Test
    void theDomainIsAllBeforeTheLastTwoColons() {
        assertThat(At.parse("with:colon:e:5", "x")).isEqualTo(new At("with:colon", "e", Position.of(5)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "5", "e:5", ":e:5", "d::5", "d:e:", "d:e", "d:e e:5", "d:\u00e9:5", "d:e:5:", "d:e:05", ":::"
            })
    void anythingElseIsNoPlace(String text) {
        assertThatThrownBy(() -> At.parse(text, "x"))
                .isInstanceOfSatisfying(
                        ConveneException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_POSITION));
    }

    @Test
    void placesAreJoinedByCommas() {
        assertThat(At.parseJoined("", "x")).isEmpty();
        assertThat(At.join(At.parseJoined("a:e:1,b:e:2.3", "x"))).isEqualTo("a:e:1,b:e:2.3");
        assertThatThrownBy(() -> At.parseJoined("a:e:1,", "x")).isInstanceOf(ConveneException.class);
    }

    @Test
    void aLongPlaceIsRefused() {
        assertThatThrownBy(() -> At.parse("d".repeat(At.TEXT_MAX) + ":e:5", "x"))
                .isInstanceOf(ConveneException.class);
    }

    @Test
    void positionsAreOrderedByOffsetThenIndex() {
        assertThat(new Position(5, 2))
                .isGreaterThan(new Position(5, 1))
                .isGreaterThan(Position.of(5))
                .isLessThan(Position.of(6));
        assertThat(Position.START).isLessThan(Position.of(0));
        assertThat(Position.of(6).isAfter(new Position(5, 9))).isTrue();
    }
}
