package dev.convene.gateway.adapter.log;

import dev.convene.gateway.core.time.Scheduler;
import dev.convene.runtime.host.log.Clocks;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The machine's clocks and one thread. After it was closed nothing is run any longer. */
public final class SystemScheduler implements Scheduler, AutoCloseable {
    private static final Logger logger = LoggerFactory.getLogger(SystemScheduler.class);

    private final Clocks clocks;
    private final ScheduledThreadPoolExecutor executor;

    public SystemScheduler(Clocks clocks) {
        this.clocks = clocks;
        this.executor = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("gateway-time").daemon().factory());
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        executor.setRemoveOnCancelPolicy(true);
    }

    @Override
    public long nowMs() {
        return clocks.monotonicMs();
    }

    @Override
    public long nowNanos() {
        return clocks.nanos().getAsLong();
    }

    @Override
    public long wallMs() {
        return clocks.wallMs();
    }

    @Override
    public Delayed after(long delayMs, Runnable task) {
        try {
            ScheduledFuture<?> scheduled = executor.schedule(() -> guarded(task), delayMs, TimeUnit.MILLISECONDS);
            return () -> scheduled.cancel(false);
        } catch (RejectedExecutionException e) {
            logger.debug("The gateway is closed; something is not done any longer");
            return () -> {};
        }
    }

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            logger.error("A task of the gateway failed", e);
        }
    }

    @Override
    public void close() {
        executor.shutdown();
    }
}
