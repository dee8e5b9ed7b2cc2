package dev.convene.testkit.arch;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import org.jspecify.annotations.NullMarked;

/** How code is written everywhere. */
public final class CodeRules {

    private static final List<String> EMPTY_WORDS =
            List.of("Manager", "Helper", "Util", "Utils", "Impl", "DTO", "Dto", "Base");

    /** What a program has to say it says to its log; those whose output is their purpose may print. */
    public static final ArchRule NO_STANDARD_STREAMS = noClasses()
            .that(resideOutsideOfPackages(Packages.CONSOLE))
            .should(ACCESS_STANDARD_STREAMS)
            .orShould()
            .accessTargetWhere(Accesses.anyOf(
                    "it prints a stack trace",
                    access -> access.getName().equals("printStackTrace")
                            && access.getTargetOwner().isAssignableTo(Throwable.class)))
            .because("nobody finds on a console what a service has to say")
            .allowEmptyShould(true);

    /** One way of logging. */
    public static final ArchRule NO_JAVA_UTIL_LOGGING = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.util.logging..")
            .because("logging is SLF4J")
            .allowEmptyShould(true);

    /** No word that says nothing at the end of a name. */
    public static final ArchRule NAMES_SAY_SOMETHING = classes()
            .should(notEndInAnEmptyWord())
            .because(
                    "the name of a thing is what it is in its field, and what has one implementation needs no interface")
            .allowEmptyShould(true);

    /** Every package with a public class says what null means in it. */
    public static final ArchRule PACKAGES_ARE_NULL_MARKED = classes()
            .that()
            .arePublic()
            .and()
            .areTopLevelClasses()
            .should(liveInANullMarkedPackage())
            .because("null is checked by the compiler only where a package is marked")
            .allowEmptyShould(true);

    private CodeRules() {}

    private static ArchCondition<JavaClass> notEndInAnEmptyWord() {
        return new ArchCondition<>("not end in one of " + EMPTY_WORDS) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                EMPTY_WORDS.stream()
                        .filter(type.getSimpleName()::endsWith)
                        .findFirst()
                        .ifPresent(word -> events.add(SimpleConditionEvent.violated(
                                type, type.getName() + " ends in " + word + " in " + type.getSourceCodeLocation())));
            }
        };
    }

    private static ArchCondition<JavaClass> liveInANullMarkedPackage() {
        return new ArchCondition<>("live in a package that is @NullMarked") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean generated = type.getModifiers().contains(JavaModifier.SYNTHETIC);
                boolean marked = type.getPackage().isAnnotatedWith(NullMarked.class);
                if (!marked && !generated) {
                    events.add(SimpleConditionEvent.violated(
                            type, type.getName() + " is public in a package without @NullMarked"));
                }
            }
        };
    }
}
