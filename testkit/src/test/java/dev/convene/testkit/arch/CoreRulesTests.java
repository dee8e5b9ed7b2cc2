package dev.convene.testkit.arch;

import static dev.convene.testkit.arch.Planted.pair;
import static dev.convene.testkit.arch.Planted.requireEachFound;
import static dev.convene.testkit.arch.Planted.requireNoneFound;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class CoreRulesTests {

    private static final String CORE = "dev.convene.gateway.core.session";

    @Test
    void aCoreThatKnowsAFrameworkOrAnEdge_isFound() throws IOException {
        requireEachFound(
                CoreRules.DEPENDS_ONLY_ON_CORE,
                pair(CORE, "org.apache.kafka.clients.producer"),
                pair(CORE, "org.springframework.stereotype"),
                pair(CORE, "tools.jackson.databind"),
                pair(CORE, "io.netty.channel"),
                pair(CORE, "org.slf4j.spi"),
                pair(CORE, "dev.convene.gateway.adapter.ws"),
                pair(CORE, "dev.convene.runtime.host"),
                pair(CORE, "dev.convene.gateway.config"));
    }

    @Test
    void everyCorePackage_isGuarded() throws IOException {
        String kafka = "org.apache.kafka.common";
        requireEachFound(
                CoreRules.DEPENDS_ONLY_ON_CORE,
                pair("dev.convene.group", kafka),
                pair("dev.convene.group.view", kafka),
                pair("dev.convene.runtime", kafka),
                pair("dev.convene.runtime.machine", kafka),
                pair("dev.convene.gateway.core", kafka),
                pair("dev.convene.groupservice.core.sessions", kafka));
    }

    @Test
    void aCoreThatKnowsTheProtocolAndOtherCores_isAccepted() throws IOException {
        Planted planted = Planted.classes(
                "package dev.convene.protocol.log; public record Entry(byte[] body, int[][] numbers) {}",
                "package dev.convene.runtime; public interface Contract { void apply(dev.convene.protocol.log.Entry e); }",
                """
                package dev.convene.group;
                import java.util.*;
                import org.jspecify.annotations.Nullable;
                public final class GroupCore implements dev.convene.runtime.Contract {
                    private final Map<String, long[]> groups = new LinkedHashMap<>();
                    @Nullable String last;
                    public void apply(dev.convene.protocol.log.Entry entry) {
                        groups.computeIfAbsent("a" + entry.body().length, key -> new long[1])[0]++;
                    }
                    enum Kind { ONE, TWO }
                    int number(Kind kind) { return switch (kind) { case ONE -> 1; case TWO -> 2; }; }
                }
                """);

        assertThat(planted.brokenBy(CoreRules.DEPENDS_ONLY_ON_CORE)).isEmpty();
    }

    @Test
    void aClockInACore_isFound() throws IOException {
        requireEachFound(
                CoreRules.NO_CLOCK,
                CORE,
                "return System.nanoTime();",
                "return System.currentTimeMillis();",
                "return java.time.Instant.now();",
                "return java.time.LocalDate.now();",
                "return java.time.Clock.systemUTC();",
                "java.time.InstantSource source = null; return source.instant();",
                "return new java.util.Date();",
                "java.util.function.LongSupplier clock = System::nanoTime; return clock;");
    }

    @Test
    void aCoreThatCalculatesWithTimesItIsGiven_isAccepted() throws IOException {
        requireNoneFound(
                CoreRules.NO_CLOCK,
                CORE,
                "return java.time.Instant.ofEpochMilli(5).plus(java.time.Duration.ofDays(1));");
    }

    @Test
    void aClockInAnAdapter_isAccepted() throws IOException {
        requireNoneFound(CoreRules.NO_CLOCK, "dev.convene.gateway.adapter.ws", "return System.nanoTime();");
    }

    @Test
    void chanceInACore_isFound() throws IOException {
        requireEachFound(
                CoreRules.NO_RANDOMNESS,
                CORE,
                "return new java.util.Random();",
                "return java.util.concurrent.ThreadLocalRandom.current().nextInt();",
                "return new java.security.SecureRandom();",
                "return new java.util.SplittableRandom(1);",
                "return java.util.random.RandomGenerator.getDefault();",
                "return java.util.UUID.randomUUID();",
                "return Math.random();",
                "java.util.Collections.shuffle(new java.util.ArrayList<Integer>()); return 1;");
    }

    @Test
    void aUuidThatIsOnlyRead_isAccepted() throws IOException {
        requireNoneFound(CoreRules.NO_RANDOMNESS, CORE, "return java.util.UUID.fromString(\"\");");
    }

    @Test
    void aRegularExpressionInACore_isFound() throws IOException {
        requireEachFound(
                CoreRules.NO_REGULAR_EXPRESSIONS,
                CORE,
                "return java.util.regex.Pattern.compile(\"a\");",
                "return \"a\".matches(\"b\");",
                "return \"a\".replaceAll(\"b\", \"c\");",
                "return \"a\".replaceFirst(\"b\", \"c\");",
                "return \"a\".split(\"b\");");
    }

    @Test
    void replacingOneTextByAnother_isAccepted() throws IOException {
        requireNoneFound(CoreRules.NO_REGULAR_EXPRESSIONS, CORE, "return \"a\".replace(\"b\", \"c\");");
    }

    @Test
    void theDefaultLocaleInACore_isFound() throws IOException {
        requireEachFound(
                CoreRules.NO_DEFAULT_LOCALE,
                CORE,
                "return String.format(\"%d\", 1);",
                "return \"%d\".formatted(1);",
                "return \"A\".toLowerCase();",
                "return \"a\".toUpperCase();",
                "java.util.function.UnaryOperator<String> lower = String::toLowerCase; return lower;",
                "return java.util.Locale.getDefault();",
                "return java.text.NumberFormat.getInstance();",
                "return java.time.format.DateTimeFormatter.ofPattern(\"EEE\");");
    }

    @Test
    void aLocaleThatIsNamed_isAccepted() throws IOException {
        requireNoneFound(
                CoreRules.NO_DEFAULT_LOCALE,
                CORE,
                "return String.format(java.util.Locale.ROOT, \"%d\", 1) + \"A\".toLowerCase(java.util.Locale.ROOT);");
    }
}
