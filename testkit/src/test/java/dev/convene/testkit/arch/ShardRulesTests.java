package dev.convene.testkit.arch;

import static dev.convene.testkit.arch.Planted.requireEachFound;
import static dev.convene.testkit.arch.Planted.requireNoneFound;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class ShardRulesTests {

    private static final String SHARD = "dev.convene.group";

    @Test
    void threadsInAShard_areFound() throws IOException {
        requireEachFound(
                ShardRules.NO_THREADS,
                SHARD,
                "return Thread.currentThread();",
                "return new java.util.concurrent.CompletableFuture<String>();",
                "return java.util.concurrent.Executors.newCachedThreadPool();",
                "return new java.util.concurrent.atomic.AtomicLong();",
                "return new java.util.concurrent.locks.ReentrantLock();",
                "return new ThreadLocal<String>();",
                "return new java.util.Timer();",
                "wait(); return 1;",
                "notifyAll(); return 1;",
                "return java.util.List.of(1).parallelStream();",
                "return java.util.stream.IntStream.of(1).parallel();");
    }

    @Test
    void aSynchronizedMethodInAShard_isFound() throws IOException {
        Planted planted =
                Planted.classes("package dev.convene.group; class Offender { synchronized void method() {} }");

        assertThat(planted.brokenBy(ShardRules.NO_THREADS))
                .contains("Offender.method()")
                .contains("synchronized");
    }

    @Test
    void aUnitOfTimeInAShard_isAccepted() throws IOException {
        requireNoneFound(ShardRules.NO_THREADS, SHARD, "return java.util.concurrent.TimeUnit.SECONDS.toMillis(1);");
    }

    @Test
    void futuresInTheCoreOfAServiceThatIsNoShard_areAccepted() throws IOException {
        requireNoneFound(
                ShardRules.NO_THREADS,
                "dev.convene.gateway.core",
                "return new java.util.concurrent.CompletableFuture<String>();");
    }

    @Test
    void aPackageWithAnImplementationOfShard_isAShard() throws IOException {
        Planted planted = Planted.classes(
                "package dev.convene.runtime; public interface Shard<C> {}",
                "package dev.convene.groupservice.core.sessions; class S implements dev.convene.runtime.Shard<String> {}",
                "package dev.convene.groupservice.core.sessions; class Offender { Thread thread; }",
                "package dev.convene.groupservice.core.shards; class Bystander { Thread thread; }");

        assertThat(planted.brokenBy(ShardRules.NO_THREADS))
                .contains("Offender.thread")
                .doesNotContain("Bystander");
    }

    @Test
    void hashOrderInAShard_isFound() throws IOException {
        requireEachFound(
                ShardRules.NO_HASH_ORDER,
                SHARD,
                "return new java.util.HashMap<String, String>();",
                "return new java.util.HashSet<String>();",
                "return new java.util.IdentityHashMap<String, String>();",
                "return new java.util.concurrent.ConcurrentHashMap<String, String>();",
                "return java.util.HashMap.newHashMap(5);",
                "return java.util.Map.of(1, 2, 3, 4);",
                "return java.util.Map.copyOf(new java.util.TreeMap<String, String>());",
                "return java.util.Map.ofEntries(java.util.Map.entry(1, 2));",
                "return java.util.Set.of(1, 2);",
                "return java.util.Set.of(new Integer[] {1, 2});",
                "return java.util.Set.copyOf(java.util.List.of(1));",
                "return java.util.stream.Stream.of(1).collect(java.util.stream.Collectors.toSet());",
                "return java.util.stream.Stream.of(1).collect(java.util.stream.Collectors.toMap(k -> k, k -> k));",
                "return java.util.stream.Stream.of(1).collect(java.util.stream.Collectors.groupingBy(k -> k));",
                "java.util.function.Supplier<Object> maker = java.util.HashMap::new; return maker;");
    }

    @Test
    void whatHasAnOrderOfItsOwn_isAccepted() throws IOException {
        requireNoneFound(
                ShardRules.NO_HASH_ORDER,
                SHARD,
                "return new java.util.LinkedHashMap<String, String>();",
                "return new java.util.LinkedHashSet<String>();",
                "return new java.util.TreeMap<String, String>();",
                "return new java.util.ArrayDeque<String>();",
                "return java.util.List.of(1, 2);",
                "return java.util.Map.of();",
                "return java.util.Map.of(1, 2);",
                "return java.util.Set.of(1);",
                "return java.util.stream.Stream.of(1).collect(java.util.stream.Collectors.groupingBy("
                        + "k -> k, java.util.TreeMap::new, java.util.stream.Collectors.toList()));",
                "return java.util.stream.Stream.of(1).collect(java.util.stream.Collectors.toMap("
                        + "k -> k, k -> k, (a, b) -> a, java.util.LinkedHashMap::new));");
    }

    @Test
    void theOutsideInAShard_isFound() throws IOException {
        requireEachFound(
                ShardRules.NO_INPUT_OR_OUTPUT,
                SHARD,
                "return java.nio.file.Files.readString(java.nio.file.Path.of(\"a\"));",
                "return new java.io.FileInputStream(\"a\");",
                "return new java.net.Socket();",
                "return new ProcessBuilder();",
                "return Runtime.getRuntime();",
                "return System.getenv(\"A\");",
                "return System.getProperty(\"a\");",
                "return System.identityHashCode(this);");
    }

    @Test
    void bytesInMemoryInAShard_areAccepted() throws IOException {
        requireNoneFound(
                ShardRules.NO_INPUT_OR_OUTPUT,
                SHARD,
                "return new java.io.DataInputStream(new java.io.ByteArrayInputStream(new byte[0]));");
    }
}
