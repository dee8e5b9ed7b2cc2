package dev.convene.testkit.arch;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaConstructor;
import java.util.List;
import java.util.function.Predicate;

/** Calls, references and constructions, as rules speak of them. */
final class Accesses {

    private Accesses() {}

    /** One of these methods of a class, whatever the parameters. */
    static Predicate<JavaAccess<?>> method(String owner, String... names) {
        List<String> forbidden = List.of(names);
        return access -> isOwnedBy(access, owner) && forbidden.contains(access.getName());
    }

    /** One of these methods of a class with so many parameters. */
    static Predicate<JavaAccess<?>> method(String owner, int parameters, String... names) {
        return method(owner, names).and(access -> parameters(access).size() == parameters);
    }

    /** One of these methods of a class without a locale among the parameters. */
    static Predicate<JavaAccess<?>> methodWithoutLocale(String owner, String... names) {
        return method(owner, names).and(access -> !parameters(access).contains("java.util.Locale"));
    }

    /** A constructor of one of these classes. */
    static Predicate<JavaAccess<?>> construction(String... types) {
        List<String> forbidden = List.of(types);
        return access -> access.getName().equals(JavaConstructor.CONSTRUCTOR_NAME)
                && forbidden.contains(access.getTargetOwner().getName());
    }

    /** The construction without arguments. */
    static Predicate<JavaAccess<?>> emptyConstruction(String type) {
        return construction(type).and(access -> parameters(access).isEmpty());
    }

    /** A rule's condition: any of these. */
    @SafeVarargs
    static DescribedPredicate<JavaAccess<?>> anyOf(String description, Predicate<JavaAccess<?>>... accesses) {
        Predicate<JavaAccess<?>> any = access -> false;
        for (Predicate<JavaAccess<?>> one : accesses) {
            any = any.or(one);
        }
        return DescribedPredicate.describe(description, any);
    }

    static List<String> parameters(JavaAccess<?> access) {
        return access.getTarget() instanceof AccessTarget.CodeUnitAccessTarget target
                ? target.getRawParameterTypes().stream().map(JavaClass::getName).toList()
                : List.of();
    }

    private static boolean isOwnedBy(JavaAccess<?> access, String owner) {
        return access.getTargetOwner().getName().equals(owner);
    }
}
