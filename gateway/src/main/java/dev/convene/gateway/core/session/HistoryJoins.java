package dev.convene.gateway.core.session;

import dev.convene.protocol.Position;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** By group, what happens when a join takes effect that wants history first. Thread-safe. */
public final class HistoryJoins {
    private final Map<String, Consumer<Position>> byGroup = new ConcurrentHashMap<>();

    /** @param joined called on the tail's thread with the last position before the join view */
    public void expect(String group, Consumer<Position> joined) {
        byGroup.put(group, joined);
    }

    /** What was to happen when this group is joined; null for a plain join. */
    public @Nullable Consumer<Position> take(String group) {
        return byGroup.isEmpty() ? null : byGroup.remove(group);
    }
}
