package dev.convene.protocol.frame;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A golden sample: one frame as it stood in both encodings when it was written down, and what it means. */
record Golden(String name, String operation, byte[] json, byte[] cbor, String meaning) {

    /** The samples in a directory below {@code golden/frames}, by name. */
    static List<Golden> in(String directory) {
        try (Stream<Path> files = Files.list(root().resolve(directory))) {
            return files.sorted().map(Golden::read).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path root() {
        try {
            return Path.of(Golden.class.getResource("/golden/frames").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Golden read(Path file) {
        Map<String, String> entries = new HashMap<>();
        try {
            for (String line : Files.readAllLines(file)) {
                int colon = line.indexOf(": ");
                if (colon > 0 && List.of("operation", "json", "cbor", "record").contains(line.substring(0, colon))) {
                    entries.put(line.substring(0, colon), line.substring(colon + 2));
                } else {
                    entries.merge("record", "\n" + line, String::concat);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Golden(
                file.getFileName().toString().replace(".golden", ""),
                entries.getOrDefault("operation", ""),
                entries.get("json").getBytes(StandardCharsets.UTF_8),
                HexFormat.of().parseHex(entries.get("cbor")),
                entries.get("record"));
    }

    @Override
    public String toString() {
        return name;
    }
}
