package dev.convene.testkit.client;

import dev.convene.protocol.frame.Push;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Pushes between the thread that reads a connection and the test. The end of the connection stays at its end. */
final class PushQueue {
    private sealed interface Item {
        record Pushed(Push push) implements Item {}

        record Ended(RuntimeException why) implements Item {}
    }

    private final LinkedBlockingQueue<Item> items = new LinkedBlockingQueue<>();

    void add(Push push) {
        items.add(new Item.Pushed(push));
    }

    void end(RuntimeException why) {
        items.add(new Item.Ended(why));
    }

    Push next(Duration patience) {
        Push push = poll(patience);
        if (push == null) {
            throw new AssertionError("nothing came within " + patience);
        }
        return push;
    }

    @Nullable Push poll(Duration patience) {
        try {
            Item item = items.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
            return switch (item) {
                case null -> null;
                case Item.Pushed pushed -> pushed.push();
                case Item.Ended ended -> {
                    items.add(ended);
                    throw ended.why();
                }
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
