package dev.convene.gateway.core.request;

import dev.convene.gateway.core.log.Appender;
import dev.convene.gateway.core.time.Scheduler;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Where requests go out: makes windows that share one {@link Packer} per partition. Thread-safe. */
public final class Outlet {
    private record Target(String log, int partition) {}

    private final Appender appender;
    private final Scheduler scheduler;
    private final Map<Target, Packer> packers = new ConcurrentHashMap<>();

    public Outlet(Appender appender, Scheduler scheduler) {
        this.appender = appender;
        this.scheduler = scheduler;
    }

    /** @param nextNumber the number after the last one that the partition has seen of the requester */
    public Window window(Requester requester, String log, int partition, long nextNumber, WindowBounds bounds) {
        Packer packer = packers.computeIfAbsent(
                new Target(log, partition), target -> new Packer(appender, scheduler, log, partition));
        return new Window(requester, log, partition, nextNumber, bounds, appender, packer, scheduler);
    }

    public Appender appender() {
        return appender;
    }

    public Scheduler scheduler() {
        return scheduler;
    }
}
