package dev.convene.systemtests.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LauncherTests {
    /** Takes a while and fails if another one does too. */
    private static final String MAVEN = """
            #!/bin/bash
            mkdir "$ROOT/building" || exit 1
            echo build >>"$ROOT/tools"
            sleep 1
            mkdir -p "$ROOT/standalone/target/lib"
            echo lib >"$ROOT/standalone/target/lib/other-1.jar"
            echo ours >"$ROOT/standalone/target/lib/convene-gateway-1.jar"
            echo ours >"$ROOT/standalone/target/convene-standalone-1.jar"
            printf 'lib/other-1.jar:lib/convene-gateway-1.jar' >"$ROOT/standalone/target/classpath"
            rmdir "$ROOT/building"
            """;

    private static final String JAVA = """
            #!/bin/bash
            for option in "$@"; do
              case $option in
                -XX:DumpLoadedClassList=*) echo some/Class >"${option#*=}"; exit ;;
                -Xshare:dump) dump=yes ;;
                -XX:SharedArchiveFile=*) archive=${option#*=} ;;
              esac
            done
            if [ -n "${dump:-}" ]; then
              echo archive >>"$ROOT/tools"
              [ -f "$ROOT/no-archive" ] || echo archive >"$archive"
            else
              echo "started with ${archive:-no archive}"
            fi
            """;

    @TempDir
    private Path root;

    private Path home;

    @BeforeEach
    void prepare() throws IOException {
        root = root.toRealPath();
        home = Files.createDirectories(root.resolve("jdk"));
        Files.createDirectories(root.resolve("standalone/src/main"));
        Files.writeString(root.resolve("pom.xml"), "");
        Files.writeString(root.resolve("standalone/pom.xml"), "");
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"99.0\"\n");
        Files.copy(
                Path.of("..", "convene"),
                root.resolve("convene"),
                StandardCopyOption.COPY_ATTRIBUTES,
                StandardCopyOption.REPLACE_EXISTING);
        tool(home.resolve("bin/java"), JAVA);
        tool(home.resolve("bin/javac"), "#!/bin/bash\n");
        tool(root.resolve("bin/mvn"), MAVEN);
    }

    private static void tool(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private Process start(Path output) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        "bash", root.resolve("convene").toString(), "run", "gateway")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("JAVA_HOME", home.toString());
        builder.environment().put("ROOT", root.toString());
        builder.environment().merge("PATH", "", (path, _) -> root.resolve("bin") + ":" + path);
        return builder.start();
    }

    private static void end(Process process) throws InterruptedException {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }

    private String run() throws IOException, InterruptedException {
        Path output = root.resolve("output");
        end(start(output));
        return Files.readString(output);
    }

    private List<String> tools() throws IOException {
        return Files.readAllLines(root.resolve("tools"));
    }

    @Test
    void ofTwoStartsAtOnceOneBuildsAndTheOtherWaits() throws Exception {
        Path one = root.resolve("one");
        Path two = root.resolve("two");
        Process first = start(one);
        Process second = start(two);
        end(first);
        end(second);

        assertThat(Files.readString(one)).contains("started with " + root + "/.convene/app/classes.jsa");
        assertThat(Files.readString(two)).contains("started with " + root + "/.convene/app/classes.jsa");
        assertThat(Files.readString(one) + Files.readString(two))
                .containsOnlyOnce("Another start is building; waiting for it ...");
        assertThat(tools()).containsExactly("build", "archive");
    }

    @Test
    void anArchiveThatFailedIsMadeAtTheNextStart() throws Exception {
        Path fails = Files.createFile(root.resolve("no-archive"));
        assertThat(run()).endsWith("started with no archive\n");

        Files.delete(fails);
        assertThat(run()).endsWith("classes.jsa\n");
        assertThat(run()).isEqualTo("started with " + root + "/.convene/app/classes.jsa\n");
        assertThat(tools()).containsExactly("build", "archive", "archive");
    }
}
