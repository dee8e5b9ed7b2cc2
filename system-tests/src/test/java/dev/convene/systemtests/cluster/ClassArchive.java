package dev.convene.systemtests.cluster;

import dev.convene.standalone.StandaloneApplication;
import dev.convene.systemtests.Scratch;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The class path of child processes, with an archive of the libraries' classes: a start then takes a third less. The archive
 * is made once for each set of libraries and kept under {@code target}; where that fails, processes only start more slowly.
 */
final class ClassArchive {
    private static final List<String> JVM = List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    private static final long PATIENCE_MINUTES = 4;
    private static final List<String> COMMAND = command();

    private ClassArchive() {}

    /** What begins the command of every process: the JVM, its options, the class path. */
    static List<String> jvm() {
        return COMMAND;
    }

    private static List<String> command() {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> entries = List.of(classPath.split(File.pathSeparator));
        // Only libraries are archived: they come first, so that the archive stays valid while what is tested changes.
        List<String> libraries =
                entries.stream().filter(entry -> entry.endsWith(".jar")).toList();
        List<String> ours =
                entries.stream().filter(entry -> !entry.endsWith(".jar")).toList();
        List<String> command = new ArrayList<>(JVM);
        try {
            Path archive = Path.of("target", "libraries-" + fingerprint(libraries) + ".jsa");
            if (!Files.exists(archive)) {
                make(archive, libraries, ours);
            }
            if (Files.exists(archive)) {
                command.add("-XX:SharedArchiveFile=" + archive.toAbsolutePath());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        command.addAll(List.of("-Xlog:cds=off", "-Xlog:aot=off", "-cp", joined(libraries, ours)));
        return List.copyOf(command);
    }

    private static String fingerprint(List<String> libraries) throws IOException {
        StringBuilder all = new StringBuilder(System.getProperty("java.vm.version"));
        for (String library : libraries) {
            Path path = Path.of(library);
            all.append(library).append(Files.size(path)).append(Files.getLastModifiedTime(path));
        }
        return Integer.toHexString(all.toString().hashCode());
    }

    /** One start of everything lists the classes; those of the libraries are archived. */
    private static void make(Path archive, List<String> libraries, List<String> ours) throws IOException {
        Path directory = Scratch.directory("archive");
        try {
            make(archive, directory, libraries, ours);
        } finally {
            Scratch.delete(directory);
        }
    }

    private static void make(Path archive, Path directory, List<String> libraries, List<String> ours)
            throws IOException {
        Path list = directory.resolve("classes");
        boolean listed = run(
                directory,
                List.of(
                        "-XX:DumpLoadedClassList=" + list,
                        "-Dspring.context.exit=onRefresh",
                        "-cp",
                        joined(libraries, ours),
                        StandaloneApplication.class.getName(),
                        "--server.port=0",
                        "--convene.data-dir=" + directory.resolve("data")));
        if (!listed) {
            return;
        }
        try (Stream<String> classes = Files.lines(list)) {
            Files.write(
                    list.resolveSibling("libraries"),
                    classes.filter(line -> !line.contains("dev/convene/")).toList());
        }
        Path made = directory.resolve("archive");
        if (run(
                directory,
                List.of(
                        "-Xshare:dump",
                        "-XX:SharedClassListFile=" + list.resolveSibling("libraries"),
                        "-XX:SharedArchiveFile=" + made,
                        "-cp",
                        String.join(File.pathSeparator, libraries)))) {
            // In one step: another run of the tests may look for it.
            Path beside = archive.resolveSibling(
                    archive.getFileName() + "." + ProcessHandle.current().pid());
            Files.move(made, beside);
            Files.move(beside, archive, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static boolean run(Path directory, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(JVM);
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("log").toFile()))
                .start();
        try {
            return process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES) && process.exitValue() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            process.destroyForcibly();
        }
    }

    private static String joined(List<String> libraries, List<String> ours) {
        return String.join(
                File.pathSeparator,
                Stream.concat(libraries.stream(), ours.stream()).toList());
    }
}
