package dev.convene.systemtests.simulation;

import dev.convene.protocol.At;
import dev.convene.testkit.sim.Simulation;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How far a client has come in each of its domains. */
final class Places {
    private final Map<String, At> newest = new LinkedHashMap<>();

    /** The session goes on there, whatever came before. */
    void goOnAt(Collection<At> places) {
        places.forEach(at -> newest.put(at.domain(), at));
    }

    /**
     * Whether it is not there again: what was not confirmed comes again to a client that does not say what it has. A run
     * raises the log's epoch without losing anything, so that places stay comparable.
     */
    boolean isNews(At at) {
        At known = newest.get(at.domain());
        if (known != null && !at.position().isAfter(known.position())) {
            return false;
        }
        newest.put(at.domain(), at);
        return true;
    }

    List<At> all() {
        return List.copyOf(newest.values());
    }

    /** What the client says when it comes back: most of them say everything, some leave something out. */
    List<At> told(Simulation simulation) {
        if (simulation.chance(80)) {
            return all();
        }
        return newest.values().stream().filter(at -> simulation.chance(50)).toList();
    }

    @Override
    public String toString() {
        return newest.values().toString();
    }
}
