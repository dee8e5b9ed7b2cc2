package dev.convene.benchmarks.groups;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The logs of the brokers of runs: gigabytes that nobody wants to keep. */
final class BrokerData {
    private static final String NAME = "broker";
    private static final String LOCK = "lock";

    private BrokerData() {}

    /** Where the broker of a run has its logs. */
    static Path in(Path run) {
        return run.resolve(NAME);
    }

    /** Deletes what runs that were ended from outside have left; not that of a broker that runs. */
    static void deleteLeftOvers(Path runs) throws IOException {
        List<Path> left;
        try (Stream<Path> all = Files.list(runs)) {
            left = all.map(BrokerData::in).filter(Files::isDirectory).toList();
        }
        for (Path data : left) {
            if (isFree(data)) {
                delete(data);
            }
        }
    }

    private static boolean isFree(Path data) throws IOException {
        Path lock = data.resolve(LOCK);
        if (!Files.exists(lock)) {
            return true;
        }
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
                FileLock held = channel.tryLock()) {
            return held != null;
        }
    }

    static void delete(Path data) throws IOException {
        try (Stream<Path> files = Files.walk(data)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }
}
