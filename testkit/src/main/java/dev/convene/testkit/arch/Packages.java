package dev.convene.testkit.arch;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.properties.HasName;
import java.util.List;
import java.util.Optional;

/** Which packages are what. */
final class Packages {

    static final String PROTOCOL = "dev.convene.protocol..";
    static final String NULLNESS = "org.jspecify.annotations..";
    static final String JDK = "java..";

    /** State machines, the contract of a shard, and the cores of the services. */
    static final String[] CORE = {
        "dev.convene..core..", "dev.convene.group..", "dev.convene.runtime", "dev.convene.runtime.machine.."
    };

    /** Where replicas have to come to the same state; besides these, every package in which a shard is implemented. */
    private static final List<String> DETERMINISTIC =
            List.of("dev.convene.group", "dev.convene.runtime", "dev.convene.runtime.machine");

    private static final String SHARD = "dev.convene.runtime.Shard";

    /** Programs whose output is their purpose. */
    static final String[] CONSOLE = {"dev.convene.benchmarks..", "dev.convene.cli..", "dev.convene.testkit.sim.."};

    private static final String ROOT = "dev.convene.";
    private static final List<String> SERVICES =
            List.of("gateway", "groupservice", "tuplespaceservice", "workerservice");
    private static final List<String> WIRING = List.of("standalone", "systemtests", "benchmarks");

    private Packages() {}

    /** Classes that every replica has to run with the same result. */
    static DescribedPredicate<JavaClass> shards() {
        return DescribedPredicate.describe(
                "belong to a shard",
                type -> isDeterministic(type.getPackageName())
                        || type.getPackage().getClasses().stream().anyMatch(Packages::implementsShard));
    }

    private static boolean isDeterministic(String name) {
        return DETERMINISTIC.contains(name)
                || name.startsWith("dev.convene.group.")
                || name.startsWith("dev.convene.runtime.machine.");
    }

    private static boolean implementsShard(JavaClass type) {
        return type.getAllRawInterfaces().stream().map(HasName::getName).anyMatch(SHARD::equals);
    }

    /** The service that a package is of; empty if it is of none. */
    static Optional<String> serviceOf(String packageName) {
        return moduleOf(packageName).filter(SERVICES::contains);
    }

    /** Whether a package only puts services together. */
    static boolean isWiring(String packageName) {
        return moduleOf(packageName).filter(WIRING::contains).isPresent();
    }

    private static Optional<String> moduleOf(String packageName) {
        if (!packageName.startsWith(ROOT)) {
            return Optional.empty();
        }
        String rest = packageName.substring(ROOT.length());
        int dot = rest.indexOf('.');
        return Optional.of(dot < 0 ? rest : rest.substring(0, dot));
    }
}
