package dev.convene.testkit.arch;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Optional;

/** Who may know whom. */
public final class BoundaryRules {

    /** Adapters meet in the core, or not at all. */
    public static final ArchRule ADAPTERS_DO_NOT_KNOW_EACH_OTHER = slices().matching("dev.convene.(*).adapter.(*)..")
            .should()
            .notDependOnEachOther()
            .because("an edge can be replaced only if no other edge leans on it")
            .allowEmptyShould(true);

    /** Services meet through the log; only what starts them together knows several. */
    public static final ArchRule SERVICES_DO_NOT_KNOW_EACH_OTHER = classes()
            .should(notDependOnAService())
            .because("a service that links another cannot be deployed, scaled or changed without it")
            .allowEmptyShould(true);

    /** What travels is plain records and streaming codecs. */
    public static final ArchRule PROTOCOL_HAS_NO_FRAMEWORK = classes()
            .that(resideInAnyPackage(Packages.PROTOCOL))
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                    Packages.JDK,
                    Packages.NULLNESS,
                    Packages.PROTOCOL,
                    "tools.jackson.core..",
                    "tools.jackson.dataformat.cbor.."))
            .because("everything depends on the protocol, and so on whatever it depends on")
            .allowEmptyShould(true);

    private BoundaryRules() {}

    private static ArchCondition<JavaClass> notDependOnAService() {
        return new ArchCondition<>("not depend on a service that they are not part of") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                if (Packages.isWiring(type.getPackageName())) {
                    return;
                }
                Optional<String> own = Packages.serviceOf(type.getPackageName());
                for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                    Optional<String> other =
                            Packages.serviceOf(dependency.getTargetClass().getPackageName());
                    if (other.isPresent() && !other.equals(own)) {
                        events.add(SimpleConditionEvent.violated(type, dependency.getDescription()));
                    }
                }
            }
        };
    }
}
