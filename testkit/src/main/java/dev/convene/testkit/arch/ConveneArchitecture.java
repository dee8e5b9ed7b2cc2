package dev.convene.testkit.arch;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarFile;

/**
 * Applies the rules of this package to modules.
 *
 * <pre>{@code
 * class ArchitectureTests {
 *
 *     @Test
 *     void followsTheArchitecture() {
 *         ConveneArchitecture.verify(getClass());
 *     }
 * }
 * }</pre>
 */
public final class ConveneArchitecture {

    /** What holds for everything that is shipped. */
    public static final List<ArchRule> MAIN_RULES = List.of(
            CoreRules.DEPENDS_ONLY_ON_CORE,
            CoreRules.NO_CLOCK,
            CoreRules.NO_RANDOMNESS,
            CoreRules.NO_REGULAR_EXPRESSIONS,
            CoreRules.NO_DEFAULT_LOCALE,
            ShardRules.NO_THREADS,
            ShardRules.NO_HASH_ORDER,
            ShardRules.NO_INPUT_OR_OUTPUT,
            BoundaryRules.ADAPTERS_DO_NOT_KNOW_EACH_OTHER,
            BoundaryRules.SERVICES_DO_NOT_KNOW_EACH_OTHER,
            BoundaryRules.PROTOCOL_HAS_NO_FRAMEWORK,
            CodeRules.NO_STANDARD_STREAMS,
            CodeRules.NO_JAVA_UTIL_LOGGING,
            CodeRules.NAMES_SAY_SOMETHING,
            CodeRules.PACKAGES_ARE_NULL_MARKED);

    /** What holds for tests, and for what they are built from. */
    public static final List<ArchRule> TEST_RULES =
            List.of(TestRules.NO_SLEEP, CodeRules.NO_JAVA_UTIL_LOGGING, CodeRules.NAMES_SAY_SOMETHING);

    /** What a benchmark's build writes is written by nobody. */
    private static final String GENERATED = "/jmh_generated/";

    private ConveneArchitecture() {}

    /**
     * Applies all rules to the module that a test is in: to its classes, and to its tests.
     *
     * @param test a test of the module, compiled to a directory {@code test-classes} beside the module's {@code classes}
     * @throws AssertionError naming everything that breaks a rule
     */
    public static void verify(Class<?> test) {
        Path tests = Path.of(location(test));
        List<String> broken = new ArrayList<>(broken(MAIN_RULES, imported(tests.resolveSibling("classes"))));
        broken.addAll(broken(TEST_RULES, imported(tests)));
        requireNone(broken);
    }

    /**
     * Applies all rules to the modules of these classes and to the tests that were compiled beside them; for modules whose
     * own tests cannot see this one.
     *
     * @throws AssertionError naming everything that breaks a rule
     * @throws IllegalArgumentException if a module is not compiled here, as after a build of another module alone
     */
    public static void verifyModulesOf(Class<?>... classes) {
        List<URI> locations = Arrays.stream(classes)
                .map(ConveneArchitecture::location)
                .distinct()
                .toList();
        List<String> broken = new ArrayList<>();
        for (URI location : locations) {
            Path shipped = Path.of(location);
            broken.addAll(broken(MAIN_RULES, importedSome(shipped)));
            broken.addAll(broken(TEST_RULES, importedSome(shipped.resolveSibling("test-classes"))));
        }
        requireNone(broken);
    }

    private static JavaClasses importedSome(Path path) {
        JavaClasses classes = imported(path);
        if (classes.isEmpty()) {
            throw new IllegalArgumentException("no classes in " + path + ": build with -am");
        }
        return classes;
    }

    private static URI location(Class<?> type) {
        try {
            return type.getProtectionDomain().getCodeSource().getLocation().toURI();
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("cannot tell where " + type + " was loaded from", e);
        }
    }

    /** The classes in a directory or a jar; none if it does not exist. */
    private static JavaClasses imported(Path path) {
        ClassFileImporter importer =
                new ClassFileImporter().withImportOption(location -> !location.contains(GENERATED));
        if (!Files.isRegularFile(path)) {
            return importer.importPaths(Files.exists(path) ? List.of(path) : List.of());
        }
        try (JarFile jar = new JarFile(path.toFile())) {
            return importer.importJar(jar);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path, e);
        }
    }

    private static List<String> broken(List<ArchRule> rules, JavaClasses classes) {
        List<String> broken = new ArrayList<>();
        for (ArchRule rule : rules) {
            EvaluationResult result = rule.evaluate(classes);
            if (result.hasViolation()) {
                broken.add(result.getFailureReport().toString());
            }
        }
        return broken;
    }

    private static void requireNone(List<String> broken) {
        if (!broken.isEmpty()) {
            throw new AssertionError(String.join("\n", broken));
        }
    }
}
