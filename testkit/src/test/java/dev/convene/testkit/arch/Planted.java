package dev.convene.testkit.arch;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Small classes that break a rule, or just do not, compiled from their sources: they may be in any package. */
final class Planted {

    private static final Pattern PACKAGE = Pattern.compile("package\\s+([\\w.]+)\\s*;");
    private static final Pattern TYPE = Pattern.compile("(?:class|interface|enum|record)\\s+(\\w+)");

    private final JavaClasses classes;

    private Planted(JavaClasses classes) {
        this.classes = classes;
    }

    /** Compiles the sources, one top-level class each, and imports what comes out. */
    static Planted classes(String... sources) throws IOException {
        Path directory = Files.createTempDirectory("planted");
        try {
            compile(directory, sources);
            return new Planted(new ClassFileImporter().importPath(directory));
        } finally {
            delete(directory);
        }
    }

    /** A class of a package with a method for each of these bodies: {@code method0}, {@code method1} and so on. */
    static Planted methods(String packageName, String... bodies) throws IOException {
        StringBuilder source = new StringBuilder("package " + packageName + "; class Offender {");
        for (int i = 0; i < bodies.length; i++) {
            source.append("Object method").append(i).append("() throws Exception {");
            source.append(bodies[i]).append("}\n");
        }
        return classes(source.append("}").toString());
    }

    /** Pairs of classes, each with one, {@code Knowing0} and so on, that knows the other of its pair. */
    static Planted knowing(String[]... pairs) throws IOException {
        String[] sources = new String[2 * pairs.length];
        for (int i = 0; i < pairs.length; i++) {
            String known = "Known" + i;
            sources[2 * i] = "package " + pairs[i][1] + "; public class " + known + " {}";
            sources[2 * i + 1] = "package " + pairs[i][0] + "; public class Knowing" + i + " { " + pairs[i][1] + "."
                    + known + " known; }";
        }
        return classes(sources);
    }

    /** Requires that the rule finds every one of the methods. */
    static void requireEachFound(ArchRule rule, String packageName, String... bodies) throws IOException {
        String broken = methods(packageName, bodies).brokenBy(rule);
        for (int i = 0; i < bodies.length; i++) {
            assertThat(broken).as(bodies[i]).contains("Offender.method" + i + "()");
        }
    }

    /** Requires that the rule finds none of the methods. */
    static void requireNoneFound(ArchRule rule, String packageName, String... bodies) throws IOException {
        assertThat(methods(packageName, bodies).brokenBy(rule)).isEmpty();
    }

    /** Requires that the rule finds every one of the pairs. */
    static void requireEachFound(ArchRule rule, String[]... pairs) throws IOException {
        String broken = knowing(pairs).brokenBy(rule);
        for (int i = 0; i < pairs.length; i++) {
            assertThat(broken).as(String.join(" knows ", pairs[i])).contains("Knowing" + i + ".known");
        }
    }

    /** Requires that the rule finds none of the pairs. */
    static void requireNoneFound(ArchRule rule, String[]... pairs) throws IOException {
        assertThat(knowing(pairs).brokenBy(rule)).isEmpty();
    }

    /** A pair of packages. */
    static String[] pair(String who, String whom) {
        return new String[] {who, whom};
    }

    /** What the rule says about it; empty if nothing. */
    String brokenBy(ArchRule rule) {
        var result = rule.evaluate(classes);
        return result.hasViolation() ? result.getFailureReport().toString() : "";
    }

    private static void compile(Path directory, String... sources) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter complaints = new StringWriter();
        List<String> options =
                List.of("-d", directory.toString(), "-proc:none", "-classpath", System.getProperty("java.class.path"));
        List<Source> units = Arrays.stream(sources).map(Source::new).toList();
        if (!compiler.getTask(complaints, null, null, options, null, units).call()) {
            throw new IllegalArgumentException(complaints.toString());
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        }
    }

    private static final class Source extends SimpleJavaFileObject {

        private final String text;

        Source(String text) {
            super(URI.create("string:///" + path(text) + JavaFileObject.Kind.SOURCE.extension), Kind.SOURCE);
            this.text = text;
        }

        private static String path(String text) {
            Matcher packageName = PACKAGE.matcher(text);
            Matcher type = TYPE.matcher(text);
            if (!packageName.find()) {
                throw new IllegalArgumentException("no package in " + text);
            }
            String folder = packageName.group(1).replace('.', '/');
            return folder + "/" + (type.find() ? type.group(1) : "package-info");
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
