package dev.convene.systemtests.simulation;

import java.util.HashMap;
import java.util.Map;

/**
 * What a client that numbers its requests may ask again. In one domain the numbers keep the order: what was overtaken is
 * refused as forgotten. Between domains nothing does: of two requests under way the earlier one can have been refused, the
 * later one done, and the refusal lost with the connection. Who repeated the earlier one then would put it behind the later.
 */
final class Repeating {
    private final Map<String, Long> newest = new HashMap<>();

    /** A request is asked for the first time. */
    void asked(Asked one) {
        newest.merge(one.domain(), one.number, Math::max);
    }

    /** Whether nothing later was asked in another domain. */
    boolean isAllowed(Asked one) {
        String domain = one.domain();
        return newest.entrySet().stream()
                .noneMatch(other -> !other.getKey().equals(domain) && other.getValue() > one.number);
    }
}
