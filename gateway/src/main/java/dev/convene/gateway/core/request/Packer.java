package dev.convene.gateway.core.request;

import dev.convene.gateway.core.log.Appender;
import dev.convene.gateway.core.log.OutRecord;
import dev.convene.gateway.core.time.Scheduler;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.log.LogEntry;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts the commands of several requesters for one partition into one record: at once when nothing was sent just before, else
 * within a millisecond or when the record is large enough. Joins of one record share a view. Thread-safe.
 */
public final class Packer {
    private static final int RECORD_BYTES_MAX = 64 * 1024;
    private static final int COMMANDS_MAX = 1024;
    private static final long PAUSE_MS = 1;

    private final Appender appender;
    private final Scheduler scheduler;
    private final String log;
    private final int partition;

    private List<LogEntry.Command> commands = new ArrayList<>();
    private List<Appender.Done> done = new ArrayList<>();
    private int bytes;
    private long lastFlushMs = Long.MIN_VALUE / 2;
    private boolean scheduled;

    public Packer(Appender appender, Scheduler scheduler, String log, int partition) {
        this.appender = appender;
        this.scheduler = scheduler;
        this.log = log;
        this.partition = partition;
    }

    /** Sends the command, perhaps with others, and tells the outcome of the record. */
    void add(LogEntry.Command command, Appender.Done outcome) {
        boolean flush;
        synchronized (this) {
            commands.add(command);
            done.add(outcome);
            bytes += command.body().length + 64;
            flush = scheduler.nowMs() - lastFlushMs >= PAUSE_MS
                    || bytes >= RECORD_BYTES_MAX
                    || commands.size() >= COMMANDS_MAX;
            if (!flush && !scheduled) {
                scheduled = true;
                scheduler.after(PAUSE_MS, this::due);
            }
        }
        if (flush) {
            flush();
        }
    }

    private void due() {
        synchronized (this) {
            scheduled = false;
        }
        flush();
    }

    /** Sends what waits. Held while appending, so that a requester's commands keep their order. */
    synchronized void flush() {
        if (commands.isEmpty()) {
            return;
        }
        List<Appender.Done> told = done;
        OutRecord packed = OutRecord.of(new LogEntry.Commands(commands).toBytes());
        commands = new ArrayList<>();
        done = new ArrayList<>();
        bytes = 0;
        lastFlushMs = scheduler.nowMs();
        try {
            appender.append(log, partition, packed, new Appender.Done() {
                @Override
                public void appended(long offset) {
                    told.forEach(one -> one.appended(offset));
                }

                @Override
                public void failed(boolean maybe) {
                    told.forEach(one -> one.failed(maybe));
                }

                @Override
                public void refused(ErrorCode reason) {
                    told.forEach(one -> one.refused(reason));
                }
            });
        } catch (ConveneException e) {
            told.forEach(one -> one.failed(false));
        }
    }
}
