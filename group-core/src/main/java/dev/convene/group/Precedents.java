package dev.convene.group;

import dev.convene.protocol.group.GroupCommand.Cause;
import dev.convene.protocol.log.Decoder;
import dev.convene.protocol.log.Encoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Of each other partition the newest offset that any message of this one has named as its cause: nothing that a session was
 * told here has a later one. So a gateway that takes a session over knows a bound for what precedes its next message,
 * without knowing what it was told elsewhere.
 */
final class Precedents {
    private final Map<Integer, Long> byPartition = new TreeMap<>();

    void raise(List<Cause> causes) {
        for (Cause cause : causes) {
            if (byPartition.size() < GroupLimits.PRECEDENTS_MAX || byPartition.containsKey(cause.partition())) {
                byPartition.merge(cause.partition(), cause.offset(), Math::max);
            }
        }
    }

    List<Cause> all() {
        List<Cause> all = new ArrayList<>(byPartition.size());
        byPartition.forEach((partition, offset) -> all.add(new Cause(partition, offset)));
        return all;
    }

    void write(Encoder out) {
        out.varint(byPartition.size());
        byPartition.forEach((partition, offset) -> out.varint(partition).varlong(offset));
    }

    /** Reads what a snapshot ends with; an old one ends before. */
    void read(Decoder in) {
        int count = in.remaining() == 0 ? 0 : in.count(2);
        for (int i = 0; i < count; i++) {
            byPartition.put(in.varint(), in.varlong());
        }
    }
}
