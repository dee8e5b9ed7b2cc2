package dev.convene.standalone.broker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Exclusive use of a data directory by one broker, held by a lock on a file in it.
 *
 * <p>The operating system releases the lock when the process ends, however it ends; a file that is left behind means
 * nothing. Kafka has a lock of its own, but takes it only after it has read and written the directory.
 */
final class DataDirectoryLock implements AutoCloseable {

    private static final String FILE_NAME = "lock";
    /** Separates directories where Kafka takes several. */
    private static final char LIST_SEPARATOR = ',';
    /** A process id is far shorter; more than this was not written by us. */
    private static final int HOLDER_SIZE_MAX_BYTES = 32;

    private final FileChannel channel;

    private DataDirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Creates the directory if need be and locks it.
     *
     * @throws BrokerStartException if the directory cannot be written or another broker has it
     */
    static DataDirectoryLock acquire(Path directory) {
        if (directory.toString().indexOf(LIST_SEPARATOR) >= 0) {
            throw new BrokerStartException("The data directory " + directory
                    + " has a comma in its path, which Kafka takes for the end of it: choose another one.");
        }
        Path file = directory.resolve(FILE_NAME);
        FileChannel channel;
        try {
            Files.createDirectories(directory);
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new BrokerStartException(
                    "The data directory " + directory + " cannot be written (" + describe(e)
                            + "): choose another one or make it writable for this user.",
                    e);
        }
        try {
            if (tryLock(channel) == null) {
                throw new BrokerStartException("The data directory " + directory + " is in use by " + holder(file)
                        + ": stop that one first or choose another directory.");
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
            return new DataDirectoryLock(channel);
        } catch (IOException e) {
            closeQuietly(channel);
            throw new BrokerStartException(
                    "The data directory " + directory + " cannot be locked (" + describe(e) + ").", e);
        } catch (BrokerStartException e) {
            closeQuietly(channel);
            throw e;
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException _) {
            // Held by this very JVM: the operating system's lock is per process and would not tell.
            return null;
        }
    }

    private static String holder(Path file) {
        try {
            if (Files.size(file) <= HOLDER_SIZE_MAX_BYTES) {
                String pid = Files.readString(file, StandardCharsets.US_ASCII).strip();
                if (!pid.isEmpty() && pid.chars().allMatch(Character::isDigit)) {
                    return "another broker (process " + pid + ")";
                }
            }
        } catch (IOException _) {
            // The holder's id only makes the message better.
        }
        return "another broker";
    }

    private static String describe(IOException e) {
        return e.getClass().getSimpleName() + ": " + e.getMessage();
    }

    private static void closeQuietly(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException _) {
            // Nothing was written that could be lost.
        }
    }

    /** Lets the directory go. The file stays: removing it would let two processes lock two different files. */
    @Override
    public void close() {
        closeQuietly(channel);
    }
}
