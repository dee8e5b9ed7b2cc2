package dev.convene.systemtests.contract;

import dev.convene.systemtests.contract.CaseTest.Surface;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds the tests that name cases of a contract in the sources of all modules. */
final class TestSources {
    private static final Pattern ANNOTATION = Pattern.compile("@Contract\\(([^)]*)\\)");
    private static final Pattern ID = Pattern.compile("\"([A-Z]\\d+)\"");
    private static final Pattern DECLARATION =
            Pattern.compile("\\b(?:void\\s+(\\w+)\\s*\\(|(?:class|interface)\\s+(\\w+))");
    private static final Pattern METHOD = Pattern.compile("\\bvoid\\s+(([a-z])0*(\\d+)_\\w+)\\s*\\(");
    private static final Pattern SURFACE = Pattern.compile("\\b(WS_JSON|WS_CBOR|HTTP|SSE)\\b");
    private static final Pattern COMMENT = Pattern.compile("(?s)/\\*.*?\\*/|//[^\\n]*");
    /** Which surfaces a test is run over, one after the other. */
    private static final Pattern OVER = Pattern.compile("@EnumSource\\(([^)]*)\\)");

    private TestSources() {}

    /** The directory of the repository. */
    static Path root() {
        Path at = Path.of("").toAbsolutePath();
        while (!Files.isRegularFile(at.resolve("convene")) || !Files.isDirectory(at.resolve("docs"))) {
            at = at.getParent();
            if (at == null) {
                throw new IllegalStateException(
                        "no repository above " + Path.of("").toAbsolutePath());
            }
        }
        return at;
    }

    /** All tests that name a case. */
    static List<CaseTest> all() {
        List<CaseTest> found = new ArrayList<>();
        try (Stream<Path> modules = Files.list(root())) {
            for (Path module : modules.sorted().toList()) {
                Path sources = module.resolve("src/test/java");
                if (Files.isDirectory(sources)) {
                    try (Stream<Path> files = Files.walk(sources)) {
                        files.filter(file -> file.toString().endsWith("Tests.java"))
                                .sorted()
                                .forEach(file -> scan(file, found));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    private static void scan(Path file, List<CaseTest> found) {
        String source;
        try {
            source = Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String name = file.getFileName().toString().replace(".java", "");
        Matcher annotation = ANNOTATION.matcher(source);
        while (annotation.find()) {
            Matcher declaration = DECLARATION.matcher(source);
            if (!declaration.find(annotation.end())) {
                continue;
            }
            String method = declaration.group(1);
            String test = method == null ? name : name + "." + method;
            String around = method == null ? source : bodyAround(source, annotation.start(), declaration.end());
            Matcher id = ID.matcher(annotation.group(1));
            while (id.find()) {
                found.add(new CaseTest(id.group(1), surfaces(file, around), test));
            }
        }
        if (file.toString().replace('\\', '/').contains("/testkit/check/")) {
            // These show that the checkers find what breaks a case, not that it is kept.
            return;
        }
        Matcher method = METHOD.matcher(source);
        while (method.find()) {
            String id = method.group(2).toUpperCase(java.util.Locale.ROOT) + method.group(3);
            found.add(new CaseTest(id, surfaces(file, ""), name + "." + method.group(1)));
        }
    }

    /** The annotations and the body of a method: up to the next one's. */
    private static String bodyAround(String source, int from, int declared) {
        int next = source.indexOf("\n    }", declared);
        return source.substring(from, next < 0 ? source.length() : next);
    }

    private static Set<Surface> surfaces(Path file, String around) {
        String path = file.toString().replace('\\', '/');
        if (path.contains("/systemtests/simulation/")) {
            return EnumSet.of(Surface.SIMULATION);
        }
        if (path.contains("/systemtests/cluster/") || path.contains("/systemtests/containers/")) {
            return EnumSet.of(Surface.CLUSTER);
        }
        if (!path.contains("/system-tests/")) {
            return EnumSet.of(Surface.CORE);
        }
        Matcher over = OVER.matcher(around);
        if (over.find()) {
            boolean all = over.group(1).equals("Surface.class");
            return all ? EnumSet.of(Surface.WS, Surface.HTTP) : named(over.group(1));
        }
        return named(COMMENT.matcher(around).replaceAll(""));
    }

    private static Set<Surface> named(String text) {
        Set<Surface> surfaces = EnumSet.noneOf(Surface.class);
        Matcher surface = SURFACE.matcher(text);
        while (surface.find()) {
            surfaces.add(surface.group(1).startsWith("WS") ? Surface.WS : Surface.HTTP);
        }
        return surfaces.isEmpty() ? EnumSet.of(Surface.WS) : surfaces;
    }
}
