package dev.convene.gateway.core;

import dev.convene.gateway.core.log.Appender;
import dev.convene.gateway.core.log.LogState;
import dev.convene.gateway.core.log.Logs;
import dev.convene.gateway.core.log.OutRecord;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.log.LogEntry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Partitions of the group log in memory, and ways to fail. */
final class MemoryLogs {
    /** What happens to an append. */
    enum Fault {
        NONE,
        /** Refused at once. */
        REFUSED,
        /** Lost, and the outcome is unknown to the writer. */
        LOST,
        /** Written, and the outcome is unknown to the writer. */
        UNACKNOWLEDGED,
        /** Larger than the log takes. */
        TOO_LARGE
    }

    private static final long DELIVERY_MS = 2000;

    record Stored(byte @Nullable [] header, byte[] value, long timestampMs) {}

    final List<List<Stored>> groups = new ArrayList<>();
    final ArrayDeque<Runnable> later = new ArrayDeque<>();
    private final ManualScheduler scheduler;
    /** Gets what is appended to the sessions log. */
    BiConsumer<LogEntry, MemoryLogs> sessions = (entry, logs) -> {};
    /** Faults of the next appends to the group log. */
    final ArrayDeque<Fault> faults = new ArrayDeque<>();

    Fault always = Fault.NONE;
    /** Whether the logs are away: appends are lost, and given up after a while. */
    boolean away;

    int appends;

    MemoryLogs(ManualScheduler scheduler, int partitions) {
        this.scheduler = scheduler;
        for (int i = 0; i < partitions; i++) {
            groups.add(new ArrayList<>());
        }
    }

    long write(int partition, byte @Nullable [] header, byte[] value) {
        groups.get(partition).add(new Stored(header, value, scheduler.nowMs()));
        return groups.get(partition).size() - 1;
    }

    Appender appender() {
        return new Appender() {
            @Override
            public void append(String log, int partition, OutRecord rec, Done done) {
                if (away) {
                    scheduler.after(DELIVERY_MS, () -> done.failed(true));
                    return;
                }
                if (log.equals(Logs.SESSIONS)) {
                    later.add(() -> {
                        done.appended(0);
                        sessions.accept(LogEntry.read(null, rec.value()), MemoryLogs.this);
                    });
                    return;
                }
                Fault next = faults.poll();
                Fault fault = next == null ? always : next;
                if (fault == Fault.REFUSED) {
                    throw new ConveneException(ErrorCode.UNAVAILABLE);
                }
                appends++;
                if (fault == Fault.TOO_LARGE) {
                    later.add(() -> done.refused(ErrorCode.MESSAGE_TOO_LARGE));
                    return;
                }
                if (fault == Fault.LOST) {
                    later.add(() -> done.failed(true));
                    return;
                }
                long offset = write(partition, header(rec), rec.value());
                later.add(() -> {
                    if (fault == Fault.UNACKNOWLEDGED) {
                        done.failed(true);
                    } else {
                        done.appended(offset);
                    }
                });
            }

            @Override
            public void appendUnreliably(String log, int partition, OutRecord rec, Runnable dropped) {
                if (always == Fault.REFUSED) {
                    dropped.run();
                    return;
                }
                write(partition, header(rec), rec.value());
            }
        };
    }

    LogState state() {
        return new LogState() {
            @Override
            public boolean isAway() {
                return away;
            }

            @Override
            public long pausedMs() {
                return 0;
            }
        };
    }

    private static byte @Nullable [] header(OutRecord rec) {
        for (OutRecord.Header header : rec.headers()) {
            if (header.name().equals(LogEntry.HEADER)) {
                return header.value();
            }
        }
        return null;
    }
}
