package dev.convene.testkit.arch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What a shard is, beyond a core: a state machine that one thread runs and that every replica runs to the same state. The
 * shards are the packages of the contract and its machine, those of the group core, and every package that has a class
 * which implements {@code dev.convene.runtime.Shard}.
 */
public final class ShardRules {

    private static final List<String> HASHED = List.of(
            "java.util.HashMap",
            "java.util.HashSet",
            "java.util.IdentityHashMap",
            "java.util.WeakHashMap",
            "java.util.Hashtable",
            "java.util.Properties",
            "java.util.concurrent.ConcurrentHashMap");

    /** One thread, and nothing to coordinate. Blocks of {@code synchronized} cannot be seen; methods can. */
    public static final ArchRule NO_THREADS = noClasses()
            .that(Packages.shards())
            .should()
            .dependOnClassesThat(DescribedPredicate.describe("are for several threads", ShardRules::isConcurrent))
            .orShould(haveSynchronizedMethods())
            .orShould()
            .accessTargetWhere(Accesses.anyOf(
                    "it leaves the thread",
                    ShardRules::isMonitor,
                    access -> access.getName().equals("parallelStream"),
                    access -> access.getName().equals("parallel")
                            && access.getTargetOwner().getPackageName().equals("java.util.stream")))
            .because("a shard's order is the log's, applied by one thread")
            .allowEmptyShould(true);

    /** Nothing whose iteration order depends on hashes. Maps and sets of at most one element have only one order. */
    public static final ArchRule NO_HASH_ORDER = noClasses()
            .that(Packages.shards())
            .should()
            .accessTargetWhere(Accesses.anyOf("its order is that of hashes", unordered()))
            .because("hashes differ between runs and JDKs: use LinkedHashMap, LinkedHashSet, TreeMap, EnumMap or lists")
            .allowEmptyShould(true);

    /** Nothing from or to the outside. */
    public static final ArchRule NO_INPUT_OR_OUTPUT = noClasses()
            .that(Packages.shards())
            .should()
            .dependOnClassesThat(DescribedPredicate.describe("reach outside", ShardRules::isOutside))
            .orShould()
            .accessTargetWhere(Accesses.anyOf(
                    "it reads its surroundings",
                    Accesses.method("java.lang.System", "getenv", "getProperty", "getProperties", "identityHashCode")))
            .because("all that a shard knows comes from its log")
            .allowEmptyShould(true);

    private ShardRules() {}

    private static boolean isConcurrent(JavaClass type) {
        boolean concurrent = type.getPackageName().startsWith("java.util.concurrent")
                && !type.getName().equals("java.util.concurrent.TimeUnit");
        return concurrent
                || Stream.of(
                                "java.lang.Thread",
                                "java.lang.ThreadGroup",
                                "java.lang.ThreadLocal",
                                "java.lang.InheritableThreadLocal",
                                "java.lang.ScopedValue",
                                "java.util.Timer",
                                "java.util.TimerTask")
                        .anyMatch(type.getName()::equals);
    }

    private static boolean isMonitor(JavaAccess<?> access) {
        return access.getTargetOwner().getName().equals("java.lang.Object")
                && Stream.of("wait", "notify", "notifyAll").anyMatch(access.getName()::equals);
    }

    private static ArchCondition<JavaClass> haveSynchronizedMethods() {
        return new ArchCondition<>("have synchronized methods") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                type.getMethods().stream()
                        .filter(method -> method.getModifiers().contains(JavaModifier.SYNCHRONIZED))
                        .forEach(method -> events.add(
                                SimpleConditionEvent.satisfied(method, method.getDescription() + " is synchronized")));
            }
        };
    }

    private static Predicate<JavaAccess<?>> unordered() {
        return Stream.of(
                        Accesses.construction(HASHED.toArray(String[]::new)),
                        Accesses.method("java.util.HashMap", "newHashMap"),
                        Accesses.method("java.util.HashSet", "newHashSet"),
                        Accesses.method("java.util.Map", "copyOf", "ofEntries"),
                        Accesses.method("java.util.Set", "copyOf"),
                        Accesses.method("java.util.Map", "of")
                                .and(access -> Accesses.parameters(access).size() > 2),
                        Accesses.method("java.util.Set", "of").and(ShardRules::takesSeveral),
                        Accesses.method(
                                "java.util.stream.Collectors",
                                "toSet",
                                "toUnmodifiableSet",
                                "toUnmodifiableMap",
                                "toConcurrentMap",
                                "groupingByConcurrent"),
                        Accesses.method("java.util.stream.Collectors", "toMap")
                                .and(access -> Accesses.parameters(access).size() < 4),
                        Accesses.method("java.util.stream.Collectors", "groupingBy")
                                .and(access -> Accesses.parameters(access).size() < 3))
                .reduce(access -> false, Predicate::or);
    }

    private static boolean takesSeveral(JavaAccess<?> access) {
        List<String> parameters = Accesses.parameters(access);
        return parameters.size() > 1 || parameters.stream().anyMatch(name -> name.startsWith("["));
    }

    private static boolean isOutside(JavaClass type) {
        String packageName = type.getPackageName();
        boolean network = packageName.startsWith("java.net") && !type.getName().equals("java.net.URI");
        return network
                || packageName.startsWith("java.nio.file")
                || packageName.startsWith("java.nio.channels")
                || packageName.startsWith("java.sql")
                || type.getName().startsWith("java.io.File")
                || Stream.of(
                                "java.io.RandomAccessFile",
                                "java.lang.Process",
                                "java.lang.ProcessBuilder",
                                "java.lang.Runtime")
                        .anyMatch(type.getName()::equals);
    }
}
