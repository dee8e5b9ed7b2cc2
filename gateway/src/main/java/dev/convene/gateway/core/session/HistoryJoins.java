package dev.convene.gateway.core.session;

import dev.convene.protocol.Position;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** By group, what happens when a join takes effect that wants history first. Thread-safe. */
public final class HistoryJoins {
    private final Map<String, Consumer<Position>> byGroup = new ConcurrentHashMap<>();

    /**
     * Expects a join, the first of its group if several are on their way: the others find the session a member.
     *
     * @param joined called on the tail's thread with the last position before the join view
     * @return whether it is the first
     */
    public boolean expect(String group, Consumer<Position> joined) {
        return byGroup.putIfAbsent(group, joined) == null;
    }

    /** Expects this join no longer; whether it was expected until now. */
    public boolean forget(String group, Consumer<Position> joined) {
        return byGroup.remove(group, joined);
    }

    /** What was to happen when this group is joined; null for a plain join. */
    public @Nullable Consumer<Position> take(String group) {
        return byGroup.isEmpty() ? null : byGroup.remove(group);
    }
}
