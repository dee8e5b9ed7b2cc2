package dev.convene.testkit.client;

import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.Body;
import dev.convene.protocol.frame.ClientOperation;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.protocol.frame.Push;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A client's session over one of the surfaces. Requests may come from several threads; pushes are read by one. */
public interface TestSession extends AutoCloseable {
    /** How long anything that must happen may take in a test, on a loaded machine. */
    Duration PATIENCE = Duration.ofSeconds(20);

    /** What connect answered. */
    Answer.Connected connected();

    /** Sends a request; the future fails with {@link Refused} or {@link ClosedByServer}. */
    CompletableFuture<Answer> send(ClientOperation operation);

    /** Sends a request whose fields are this JSON, whatever it says; on surfaces that speak JSON. */
    CompletableFuture<Answer> sendText(String operation, String fields);

    /**
     * The next push.
     *
     * @throws AssertionError if none comes in time
     * @throws ClosedByServer if the connection was closed and nothing is left
     */
    Push next(Duration patience);

    /**
     * The next push, or null if none comes in time.
     *
     * @throws ClosedByServer if the connection was closed and nothing is left
     */
    @Nullable Push poll(Duration patience);

    /** Ends the connection without a word: the session is left to its grace period. */
    void abort();

    /** Closes the session and the connection. */
    @Override
    void close();

    default String privateGroup() {
        return connected().privateGroup();
    }

    /** Sends a request and waits for its answer. */
    default Answer call(ClientOperation operation) {
        try {
            return send(operation).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                cause.addSuppressed(new IllegalStateException("asked here"));
                throw cause;
            }
            throw new IllegalStateException(e);
        } catch (TimeoutException e) {
            throw new AssertionError("no answer to " + operation.operation() + " within " + PATIENCE, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    default Push next() {
        return next(PATIENCE);
    }

    default Answer.Accepted join(String group) {
        return (Answer.Accepted) call(new GroupOperation.Join(group, null, null, null, null, 0));
    }

    default Answer.Accepted leave(String group) {
        return (Answer.Accepted) call(new GroupOperation.Leave(group, 0));
    }

    default Answer.Accepted multicast(ServiceLevel service, String text, String... groups) {
        return (Answer.Accepted) call(message(service, text, groups));
    }

    /** A message of text without options. */
    static GroupOperation.Multicast message(ServiceLevel service, String text, String... groups) {
        return new GroupOperation.Multicast(List.of(groups), service, 0, Body.ofText(text), false, null, 0, null, null);
    }

    /**
     * Everything that reaches this session in the default domain before a message that it sends itself now: what is not
     * there was not ordered before. No waiting for silence.
     */
    default List<Push> drain() {
        String mark = "mark-" + System.nanoTime();
        multicast(ServiceLevel.AGREED, mark, privateGroup());
        List<Push> pushes = new ArrayList<>();
        while (true) {
            Push push = next();
            if (push instanceof Push.Message message
                    && message.body().equals(Body.ofText(mark))
                    && message.from().equals(privateGroup())) {
                return pushes;
            }
            pushes.add(push);
        }
    }
}
