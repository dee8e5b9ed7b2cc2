package dev.convene.testkit.client;

import dev.convene.protocol.At;
import dev.convene.protocol.frame.Push;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Positions of pushes, as a client keeps them to resume. */
public final class Positions {
    private Positions() {}

    /** The position of a push, or null if it has none. */
    public static @Nullable At of(Push push) {
        return switch (push) {
            case Push.Message message -> message.at();
            case Push.View view -> view.at();
            case Push.Transitional signal -> signal.at();
            case Push.Left left -> left.at();
            default -> null;
        };
    }

    /** The newest position of each domain. */
    public static List<At> newest(List<? extends Push> pushes) {
        return newest(List.of(), pushes);
    }

    /** The newest position of each domain after pushes that came when these were the newest ones. */
    public static List<At> newest(List<At> before, List<? extends Push> pushes) {
        Map<String, At> newest = new LinkedHashMap<>();
        before.forEach(at -> newest.put(at.domain(), at));
        for (Push push : pushes) {
            At at = of(push);
            if (at != null) {
                newest.put(at.domain(), at);
            }
        }
        return List.copyOf(newest.values());
    }
}
