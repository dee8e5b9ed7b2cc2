package dev.convene.systemtests.simulation;

import dev.convene.group.Delivery;
import dev.convene.group.GroupShard;
import dev.convene.protocol.Position;
import dev.convene.protocol.group.GroupCommand;
import dev.convene.runtime.host.log.Topics;
import dev.convene.runtime.machine.EffectSink;
import dev.convene.runtime.machine.ShardMachine;
import dev.convene.testkit.sim.Broker;
import dev.convene.testkit.sim.MemoryLog;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which messages the group log accepted, read once more from its beginning. */
final class LogAudit {
    private record Place(int partition, Position at) {}

    private final Map<String, List<Place>> places = new HashMap<>();

    LogAudit(Broker broker, int partitions) {
        for (int partition = 0; partition < partitions; partition++) {
            read(broker.log(Topics.ofLog(GroupsRun.GROUPS), partition), partition);
        }
    }

    private void read(MemoryLog log, int partition) {
        ShardMachine<GroupCommand> machine = new ShardMachine<>(
                new GroupShard(new Telling(partition, (session, told) -> {}) {
                    @Override
                    public void message(Delivery delivery) {
                        String id = new String(delivery.message().payload(), StandardCharsets.UTF_8);
                        places.computeIfAbsent(id, any -> new ArrayList<>(1)).add(new Place(partition, delivery.at()));
                    }
                }),
                Set.of());
        log.all().forEach(entry -> machine.apply(entry.offset(), entry.header(), entry.value(), EffectSink.NONE));
    }

    /** A message that was acknowledged at this place stands there and nowhere else. */
    void requireOnce(String messageId, Position acknowledged) {
        List<Place> found = places.getOrDefault(messageId, List.of());
        if (found.size() != 1 || !found.getFirst().at.equals(acknowledged)) {
            throw new AssertionError(messageId + " was acknowledged at " + acknowledged + " and stands at " + found);
        }
    }
}
