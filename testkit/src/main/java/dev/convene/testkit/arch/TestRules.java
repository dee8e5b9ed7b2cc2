package dev.convene.testkit.arch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.lang.ArchRule;

/** How tests are written. */
public final class TestRules {

    /** A test waits for something, not for a while. */
    public static final ArchRule NO_SLEEP = noClasses()
            .should()
            .accessTargetWhere(Accesses.anyOf(
                    "it sleeps",
                    Accesses.method("java.lang.Thread", "sleep"),
                    Accesses.method("java.util.concurrent.TimeUnit", "sleep")))
            .because(
                    "a sleep is too long on a fast machine and too short on a slow one: await a condition with a deadline")
            .allowEmptyShould(true);

    private TestRules() {}
}
