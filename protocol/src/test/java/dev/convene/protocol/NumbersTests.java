package dev.convene.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Numbers and names that clients rely on belong to one meaning each. */
class NumbersTests {
    @Test
    void errorsAreNumberedOnce() {
        assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::number)).doesNotHaveDuplicates();
        for (ErrorCode code : ErrorCode.values()) {
            assertThat(code.number()).isBetween(1000, 1999);
            assertThat(ErrorCode.ofNumber(code.number())).isSameAs(code);
            assertThat(code.wireName()).matches("[a-z0-9]+(-[a-z0-9]+)*");
            assertThat(code.advice()).isNotBlank().doesNotEndWith(".");
        }
        assertThat(ErrorCode.ofNumber(999)).isNull();
    }

    @Test
    void closeCodesAreNumberedOnce() {
        assertThat(Arrays.stream(CloseCode.values()).map(CloseCode::number)).doesNotHaveDuplicates();
        for (CloseCode code : CloseCode.values()) {
            assertThat(code.reason().getBytes(StandardCharsets.UTF_8)).hasSizeBetween(1, 123);
            assertThat(code.number())
                    .satisfiesAnyOf(
                            number -> assertThat(number).isBetween(1000, 1015),
                            number -> assertThat(number).isBetween(4000, 4999));
            if (code.number() >= 4000) {
                assertThat(code.isReconnect()).isEqualTo(code.number() < 4500);
            }
        }
    }

    @Test
    void serviceLevelsAreFoundByNumberAndName() {
        for (ServiceLevel level : ServiceLevel.values()) {
            assertThat(ServiceLevel.ofNumber(level.number())).isSameAs(level);
            assertThat(ServiceLevel.ofWireName(level.wireName())).isSameAs(level);
        }
        assertThat(ServiceLevel.ofNumber(0)).isNull();
        assertThat(ServiceLevel.ofNumber(7)).isNull();
        assertThat(ServiceLevel.ofWireName("FIFO")).isNull();
    }
}
