package dev.convene.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.util.FileSystemUtils;

/** Directories for the data of what tests start; whoever makes one deletes it, since a broker's logs are large. */
public final class Scratch {
    private Scratch() {}

    public static Path directory(String name) {
        try {
            return Files.createTempDirectory("convene-" + name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes it with all that is in it. */
    public static void delete(Path directory) {
        try {
            FileSystemUtils.deleteRecursively(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
