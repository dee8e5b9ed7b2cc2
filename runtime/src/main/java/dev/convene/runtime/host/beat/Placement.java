package dev.convene.runtime.host.beat;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Which of the live instances hold a shard: rendezvous hashing, so that an instance that comes or goes moves only its own
 * shards. All instances that hear the same beats come to the same result; when they do not, a shard has a replica more or
 * less for a while and nothing else happens.
 */
public final class Placement {
    private Placement() {}

    /**
     * The instances that hold the shard, the preferred owner first.
     *
     * @param instances the names of the live instances that can hold shards of the log
     * @param replicas how many should hold it, at least 1; fewer if there are fewer instances
     */
    public static List<String> holders(String log, int partition, Collection<String> instances, int replicas) {
        return instances.stream()
                .distinct()
                .sorted(Comparator.comparingLong((String instance) -> weight(log, partition, instance))
                        .reversed()
                        .thenComparing(Comparator.naturalOrder()))
                .limit(Math.max(1, replicas))
                .toList();
    }

    private static long weight(String log, int partition, String instance) {
        long hash = 0xcbf29ce484222325L;
        String text = log + '/' + partition + '/' + instance;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        // FNV alone leaves the high bits of short texts alike.
        hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
        hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
        return hash ^ hash >>> 33;
    }
}
