package dev.convene.testkit.client;

import dev.convene.protocol.Limits;
import dev.convene.protocol.frame.ClientFrame;
import dev.convene.protocol.frame.ClientOperation;
import dev.convene.protocol.frame.FrameCodec;
import dev.convene.protocol.value.Encoding;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What no friendly client sends: the golden frames of every operation with bytes changed, added, left out and cut off, and
 * noise. A failure names the seed, and {@code -Dconvene.seed=...} repeats it.
 */
public final class HostileFrames {
    /** What an answer has only if an exception shows through; a name of a field, which is repeated, may be any. */
    public static final String EXCEPTION =
            "(java|netty|convene|jackson|springframework)[a-z.]*\\.[A-Z]\\w*(Exception|Error)";

    private static final Path SAMPLES =
            Path.of("..", "protocol", "src", "test", "resources", "golden", "frames", "client");
    private static final String OF_JSON = "{}[]\",:\\u09aeE+-. \n$";
    private static final int NOISE_MAX = 200;

    /** A body of a request over HTTP, and the operation that it is meant for. */
    public record HostileBody(String operation, byte[] bytes) {}

    private final FrameCodec json = FrameCodec.json(Limits.DEFAULT);
    private final FrameCodec cbor = FrameCodec.cbor(Limits.DEFAULT);
    private final List<ClientFrame> samples;
    private final Random random;

    private HostileFrames(long seed) {
        this.random = new Random(seed);
        try (Stream<Path> files = Files.list(SAMPLES)) {
            samples = files.sorted().map(this::sample).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ClientFrame sample(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            String prefix = "json: ";
            String text =
                    lines.filter(line -> line.startsWith(prefix)).findFirst().orElseThrow();
            return json.decode(text.substring(prefix.length()).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a test; what it sends depends on the seed alone. */
    public static void test(Consumer<HostileFrames> test) {
        long seed = Long.getLong("convene.seed", System.nanoTime());
        try {
            test.accept(new HostileFrames(seed));
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("failed with -Dconvene.seed=" + seed + ": " + e.getMessage(), e);
        }
    }

    /** The operations that are mutated, each with the name it has on the wire. */
    public List<String> operations() {
        return samples.stream()
                .map(frame -> frame.operation().operation())
                .distinct()
                .toList();
    }

    /** A frame. */
    public byte[] next(Encoding encoding) {
        ClientFrame sample = samples.get(random.nextInt(samples.size()));
        FrameCodec codec = encoding == Encoding.JSON ? json : cbor;
        return mutated(codec.encode(sample), encoding);
    }

    /** What stands under an operation's name, for the address of that operation. */
    public HostileBody nextBody(Encoding encoding) {
        ClientOperation operation = samples.get(random.nextInt(samples.size())).operation();
        FrameCodec codec = encoding == Encoding.JSON ? json : cbor;
        return new HostileBody(operation.operation(), mutated(codec.encodeOperation(operation), encoding));
    }

    private byte[] mutated(byte[] valid, Encoding encoding) {
        return switch (random.nextInt(8)) {
            case 0 -> noise();
            case 1 -> Arrays.copyOf(valid, random.nextInt(valid.length + 1));
            default -> changed(valid, encoding == Encoding.JSON ? OF_JSON : "");
        };
    }

    private byte[] noise() {
        byte[] bytes = new byte[random.nextInt(NOISE_MAX)];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] changed(byte[] valid, String alphabet) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int first = random.nextInt(Math.max(1, valid.length));
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < valid.length; i++) {
            if (i < first || changes == 0 || random.nextInt(4) != 0) {
                out.write(valid[i]);
                continue;
            }
            changes--;
            switch (random.nextInt(4)) {
                case 0 -> out.write(any(alphabet));
                case 1 -> out.write(valid[i] ^ 1 << random.nextInt(8));
                case 2 -> {
                    out.write(any(alphabet));
                    out.write(valid[i]);
                }
                default -> {}
            }
        }
        return out.toByteArray();
    }

    private int any(String alphabet) {
        return alphabet.isEmpty() || random.nextInt(4) == 0
                ? random.nextInt(256)
                : alphabet.charAt(random.nextInt(alphabet.length()));
    }
}
