package dev.convene.gateway.core.session;

import dev.convene.gateway.core.request.Window;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where a session is attached, and its requests there. Bounded by the domains of a session. Thread-safe. */
public final class SessionDomains {
    private final int countMax;
    private final Map<String, CompletableFuture<Window>> byDomain = new LinkedHashMap<>();
    private final Map<Integer, Window> byPartition = new LinkedHashMap<>();
    /** By partition, who is about to give the session its place there. */
    private final Map<Integer, CompletableFuture<Window>> opening = new LinkedHashMap<>();

    private volatile Window[] windows = {};
    private @Nullable ConveneException closed;

    SessionDomains(int countMax) {
        this.countMax = countMax;
    }

    /** The window for a domain where it is attached or about to be, else null. */
    public synchronized @Nullable CompletableFuture<Window> find(String domain) {
        return byDomain.get(domain);
    }

    /**
     * The window for a domain, attaching the session there first if need be.
     *
     * @param attach begins to attach it; called at most once at a time per domain
     */
    public CompletableFuture<Window> need(String domain, Supplier<CompletableFuture<Window>> attach) {
        CompletableFuture<Window> made = new CompletableFuture<>();
        synchronized (this) {
            CompletableFuture<Window> known = byDomain.get(domain);
            if (known != null) {
                return known;
            }
            if (closed != null) {
                return CompletableFuture.failedFuture(closed);
            }
            if (byDomain.size() >= countMax) {
                return CompletableFuture.failedFuture(new ConveneException(ErrorCode.TOO_MANY_DOMAINS));
            }
            byDomain.put(domain, made);
        }
        attach.get().whenComplete((window, e) -> {
            if (window == null) {
                synchronized (this) {
                    byDomain.remove(domain, made);
                }
                made.completeExceptionally(e == null ? new ConveneException(ErrorCode.INTERNAL) : e);
            } else {
                made.complete(window);
            }
        });
        return made;
    }

    /**
     * The window for a partition, making it if need be: domains that live together share it.
     *
     * @param adopt begins to make it; called at most once at a time per partition
     */
    public CompletableFuture<Window> open(int partition, Supplier<CompletableFuture<Window>> adopt) {
        CompletableFuture<Window> made = new CompletableFuture<>();
        synchronized (this) {
            Window known = byPartition.get(partition);
            if (known != null) {
                return CompletableFuture.completedFuture(known);
            }
            CompletableFuture<Window> already = opening.putIfAbsent(partition, made);
            if (already != null) {
                return already;
            }
        }
        adopt.get().whenComplete((window, e) -> {
            synchronized (this) {
                opening.remove(partition, made);
            }
            if (window == null) {
                made.completeExceptionally(e == null ? new ConveneException(ErrorCode.INTERNAL) : e);
            } else {
                attached(List.of(), window);
                made.complete(window);
            }
        });
        return made;
    }

    /** The session is attached to these domains of one partition. */
    public void attached(Collection<String> domains, Window window) {
        ConveneException refusal;
        synchronized (this) {
            for (String domain : domains) {
                byDomain.putIfAbsent(domain, CompletableFuture.completedFuture(window));
            }
            byPartition.put(window.partition(), window);
            windows = byPartition.values().toArray(new Window[0]);
            refusal = closed;
        }
        if (refusal != null) {
            window.close(refusal);
        }
    }

    /** The window for a partition, null if the session is not attached there. */
    public @Nullable Window window(int partition) {
        for (Window window : windows) {
            if (window.partition() == partition) {
                return window;
            }
        }
        return null;
    }

    /** Completes, never exceptionally, when no request of the session waits for its answer. */
    public CompletableFuture<?> whenAnswered() {
        return CompletableFuture.allOf(
                Stream.of(windows).map(Window::whenAnswered).toArray(CompletableFuture<?>[]::new));
    }

    public void sweep() {
        for (Window window : windows) {
            if (window.count() > 0) {
                window.sweep();
            }
        }
    }

    /** Refuses everything from now on. */
    public void close(ConveneException reason) {
        synchronized (this) {
            if (closed != null) {
                return;
            }
            closed = reason;
        }
        // All refuse before anybody is told: what waits for one must not go out through another.
        List<Runnable> tell =
                Stream.of(windows).map(window -> window.shut(reason)).toList();
        tell.forEach(Runnable::run);
    }
}
