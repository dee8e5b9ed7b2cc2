package dev.convene.gateway.core.session;

import dev.convene.protocol.At;
import dev.convene.protocol.frame.Push;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far a session's client has come in each of its domains, as far as it has said so: at first the position at which the
 * session stands there. Positions come in with qualified domains and are kept as the client knows them. Bounded by the
 * domains of a session. Thread-safe.
 */
public final class Progress {
    private final Map<String, At> byDomain = new LinkedHashMap<>();

    /** Whoever has this has everything before it in its domain; an earlier one changes nothing. */
    public synchronized void raise(Collection<At> positions) {
        for (At one : positions) {
            At at = one.bare();
            byDomain.merge(at.domain(), at, Progress::newer);
        }
    }

    /** Whether it has come as far as this, in the same log. */
    public synchronized boolean covers(At position) {
        At at = position.bare();
        At newest = byDomain.get(at.domain());
        return newest != null && covers(newest, at);
    }

    /** Whether whoever has one position of a domain has another one of it too; not if they belong to different logs. */
    public static boolean covers(At has, At at) {
        return has.epoch().equals(at.epoch()) && !at.position().isAfter(has.position());
    }

    /** The newest position of each domain with its bare name, in the order in which the session came there. */
    public synchronized List<At> positions() {
        return List.copyOf(byDomain.values());
    }

    /** The newer of two positions of a domain; the first if they belong to different logs. */
    public static At newer(At one, At other) {
        return one.epoch().equals(other.epoch()) && other.position().isAfter(one.position()) ? other : one;
    }

    /** Where a push stands in the order of its session; null for one without a place there, like history. */
    public static @Nullable At placeOf(Push push) {
        return switch (push) {
            case Push.Message message -> message.history() ? null : message.at();
            case Push.View view -> view.history() ? null : view.at();
            case Push.Transitional transitional -> transitional.at();
            case Push.Left left -> left.at();
            case Push.Presence presence -> presence.at();
            case Push.Unknown _ -> null;
        };
    }
}
