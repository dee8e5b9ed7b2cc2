package dev.convene.testkit.arch;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What a core is: plain Java that is given time, chance and the world from outside, so that tests can give it theirs. */
public final class CoreRules {

    private static final DescribedPredicate<JavaClass> CORE =
            resideInAnyPackage(Packages.CORE).as("belong to a core");

    /** A core knows the JDK, nullness annotations, the protocol and other cores. */
    public static final ArchRule DEPENDS_ONLY_ON_CORE = classes()
            .that(CORE)
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(Stream.concat(
                            Stream.of(Packages.JDK, Packages.NULLNESS, Packages.PROTOCOL), Stream.of(Packages.CORE))
                    .toArray(String[]::new)))
            .because("frameworks, Kafka and codecs belong to adapters, at the edges")
            .allowEmptyShould(true);

    /** A core is told the time. */
    public static final ArchRule NO_CLOCK = noClasses()
            .that(CORE)
            .should()
            .accessTargetWhere(Accesses.anyOf(
                    "it reads a clock",
                    Accesses.method("java.lang.System", "nanoTime", "currentTimeMillis"),
                    CoreRules::isNow,
                    Accesses.emptyConstruction("java.util.Date"),
                    Accesses.method("java.util.Calendar", "getInstance")))
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.time.Clock")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.time.InstantSource")
            .because("a state machine's time is what the log's ticks say, and a test's time is its own")
            .allowEmptyShould(true);

    /** A core is told what is random. */
    public static final ArchRule NO_RANDOMNESS = noClasses()
            .that(CORE)
            .should()
            .dependOnClassesThat(DescribedPredicate.describe("are random", CoreRules::isRandom))
            .orShould()
            .accessTargetWhere(Accesses.anyOf(
                    "it rolls dice",
                    Accesses.method("java.lang.Math", "random"),
                    Accesses.method("java.lang.StrictMath", "random"),
                    Accesses.method("java.util.UUID", "randomUUID"),
                    Accesses.method("java.util.Collections", 1, "shuffle")))
            .because("replicas have to come to the same, and a failure has to come again from its seed")
            .allowEmptyShould(true);

    /** Expressions of clients are matched in linear time, and a core's own need none. */
    public static final ArchRule NO_REGULAR_EXPRESSIONS = noClasses()
            .that(CORE)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.util.regex..")
            .orShould()
            .accessTargetWhere(Accesses.anyOf(
                    "it matches a regular expression",
                    Accesses.method(
                            "java.lang.String",
                            "matches",
                            "replaceAll",
                            "replaceFirst",
                            "split",
                            "splitWithDelimiters")))
            .because("backtracking lets one pattern stop a shard, and what matches may change with the JDK")
            .allowEmptyShould(true);

    /** What a core writes does not change with the machine it runs on. */
    public static final ArchRule NO_DEFAULT_LOCALE = noClasses()
            .that(CORE)
            .should()
            .accessTargetWhere(Accesses.anyOf("it depends on the default locale", localeDependent()))
            .because("the same commands give the same bytes in every country")
            .allowEmptyShould(true);

    private CoreRules() {}

    private static boolean isNow(JavaAccess<?> access) {
        return access.getName().equals("now")
                && access.getTargetOwner().getPackageName().startsWith("java.time");
    }

    private static boolean isRandom(JavaClass type) {
        return type.getPackageName().equals("java.util.random")
                || Stream.of(
                                "java.util.Random",
                                "java.util.SplittableRandom",
                                "java.util.concurrent.ThreadLocalRandom",
                                "java.security.SecureRandom")
                        .anyMatch(type.getName()::equals);
    }

    private static Predicate<JavaAccess<?>> localeDependent() {
        return Stream.of(
                        Accesses.methodWithoutLocale("java.lang.String", "format", "toLowerCase", "toUpperCase"),
                        Accesses.method("java.lang.String", "formatted"),
                        Accesses.method("java.util.Locale", "getDefault"),
                        Accesses.methodWithoutLocale(
                                "java.time.format.DateTimeFormatter",
                                "ofPattern",
                                "ofLocalizedDate",
                                "ofLocalizedTime"),
                        Accesses.construction("java.util.Formatter", "java.text.DecimalFormat", "java.util.Scanner"),
                        Accesses.methodWithoutLocale(
                                "java.text.NumberFormat",
                                "getInstance",
                                "getNumberInstance",
                                "getIntegerInstance",
                                "getPercentInstance"))
                .reduce(access -> false, Predicate::or);
    }
}
