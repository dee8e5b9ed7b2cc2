package dev.convene.testkit.arch;

import static dev.convene.testkit.arch.Planted.requireEachFound;
import static dev.convene.testkit.arch.Planted.requireNoneFound;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class CodeRulesTests {

    private static final String ANYWHERE = "dev.convene.gateway.adapter.ws";

    @Test
    void printing_isFound() throws IOException {
        requireEachFound(
                CodeRules.NO_STANDARD_STREAMS,
                ANYWHERE,
                "System.out.println(1); return 1;",
                "System.err.println(1); return 1;",
                "new Exception().printStackTrace(); return 1;",
                "new IllegalStateException().printStackTrace(new java.io.PrintWriter(new java.io.StringWriter())); return 1;");
    }

    @Test
    void printingInAProgramForTheConsole_isAccepted() throws IOException {
        requireNoneFound(
                CodeRules.NO_STANDARD_STREAMS, "dev.convene.benchmarks.report", "System.out.println(1); return 1;");
    }

    @Test
    void javaUtilLogging_isFound() throws IOException {
        requireEachFound(CodeRules.NO_JAVA_UTIL_LOGGING, ANYWHERE, "return java.util.logging.Logger.getLogger(\"a\");");
    }

    @Test
    void aNameThatEndsInAnEmptyWord_isFound() throws IOException {
        List<String> names = List.of(
                "SessionManager",
                "FrameHelper",
                "NameUtil",
                "NameUtils",
                "GatewayImpl",
                "FrameDTO",
                "FrameDto",
                "ShardBase");

        assertThat(named(names).brokenBy(CodeRules.NAMES_SAY_SOMETHING)).contains(names);
    }

    @Test
    void aNameThatOnlyContainsOne_isAccepted() throws IOException {
        assertThat(named(List.of("Base64Codec", "Implication", "Manages", "Utility"))
                        .brokenBy(CodeRules.NAMES_SAY_SOMETHING))
                .isEmpty();
    }

    private static Planted named(List<String> names) throws IOException {
        return Planted.classes(names.stream()
                .map(name -> "package " + ANYWHERE + "; class " + name + " {}")
                .toArray(String[]::new));
    }

    @Test
    void aNestedClassWithAnEmptyWord_isFound() throws IOException {
        assertThat(Planted.classes("package " + ANYWHERE + "; class Outer { private static class InnerImpl {} }")
                        .brokenBy(CodeRules.NAMES_SAY_SOMETHING))
                .contains("Outer$InnerImpl");
    }

    @Test
    void aPublicClassInAPackageThatIsNotMarked_isFound() throws IOException {
        assertThat(Planted.classes("package " + ANYWHERE + "; public class Open {}")
                        .brokenBy(CodeRules.PACKAGES_ARE_NULL_MARKED))
                .contains("Open");
    }

    @Test
    void aPackageInfoWithoutTheMark_isFound() throws IOException {
        assertThat(Planted.classes(
                                "@Deprecated package " + ANYWHERE + ";",
                                "package " + ANYWHERE + "; public class Open {}")
                        .brokenBy(CodeRules.PACKAGES_ARE_NULL_MARKED))
                .contains("Open");
    }

    @Test
    void aMarkedPackage_isAccepted() throws IOException {
        assertThat(Planted.classes(
                                "@org.jspecify.annotations.NullMarked package " + ANYWHERE + ";",
                                "package " + ANYWHERE + "; public class Open {}")
                        .brokenBy(CodeRules.PACKAGES_ARE_NULL_MARKED))
                .isEmpty();
    }

    @Test
    void aPackageWithoutPublicClasses_needsNoMark() throws IOException {
        assertThat(Planted.classes("package " + ANYWHERE + "; class Closed {}")
                        .brokenBy(CodeRules.PACKAGES_ARE_NULL_MARKED))
                .isEmpty();
    }

    @Test
    void aTestThatSleeps_isFound() throws IOException {
        requireEachFound(
                TestRules.NO_SLEEP,
                ANYWHERE,
                "Thread.sleep(1); return 1;",
                "Thread.sleep(java.time.Duration.ofMillis(1)); return 1;",
                "java.util.concurrent.TimeUnit.SECONDS.sleep(1); return 1;");
    }

    @Test
    void aTestThatAwaits_isAccepted() throws IOException {
        requireNoneFound(TestRules.NO_SLEEP, ANYWHERE, "new java.util.concurrent.CountDownLatch(0).await(); return 1;");
    }
}
