package dev.convene.groupservice;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.convene.testkit.arch.ConveneArchitecture;
import org.junit.jupiter.api.Test;

/** The package tree is the architecture; here some rules are stricter than everywhere. */
class ArchitectureTests {
    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.convene.groupservice");

    @Test
    void followsTheArchitecture() {
        ConveneArchitecture.verify(getClass());
    }

    @Test
    void theCoreKnowsNoFrameworkAndNoKafka() {
        noClasses()
                .that()
                .resideInAPackage("..groupservice.core..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.springframework..",
                        "org.apache.kafka..",
                        "tools.jackson..",
                        "io.micrometer..",
                        "reactor..",
                        "dev.convene.runtime.host..",
                        "dev.convene.runtime.machine..",
                        "dev.convene.groupservice.adapter..",
                        "dev.convene.groupservice.config..")
                .check(classes);
    }

    @Test
    void aStateMachineKnowsNoClockNoRandomnessNoThreadAndNoHashOrder() {
        noClasses()
                .that()
                .resideInAPackage("..groupservice.core.sessions..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.HashMap")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.HashSet")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.Random")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.Thread")
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage("java.time..", "java.util.concurrent..")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .check(classes);
    }

    @Test
    void adaptersDoNotSeeTheWiring() {
        noClasses()
                .that()
                .resideInAPackage("..groupservice.adapter..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("..groupservice.config..")
                .allowEmptyShould(true)
                .check(classes);
    }
}
