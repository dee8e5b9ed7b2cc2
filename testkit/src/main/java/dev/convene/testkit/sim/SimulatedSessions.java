package dev.convene.testkit.sim;

import dev.convene.protocol.Position;
import dev.convene.protocol.log.Encoder;
import dev.convene.protocol.log.SessionEvent;
import dev.convene.runtime.host.effect.Effect;
import dev.convene.runtime.host.effect.Outbox;
import dev.convene.runtime.host.effect.Source;

/**
 * Stands for the owner of the sessions log where a test needs no more than its decisions: tells partitions what it is
 * given, in order and once, over a broker that forgets. Never fails itself.
 */
public final class SimulatedSessions {
    private static final Outbox.Bounds NO_BOUNDS = new Outbox.Bounds(Integer.MAX_VALUE, Long.MAX_VALUE);

    private final Outbox outbox;
    private long nextOffset;

    public SimulatedSessions(Simulation simulation, Broker broker) {
        Actor process = new Actor(simulation, "sessions");
        process.start();
        outbox = new Outbox(
                new Source("sessions", 0, SimulatedShard.EPOCH),
                0,
                (topic, partition, value) -> broker.append(process, topic, partition, null, value),
                1,
                NO_BOUNDS,
                process::after);
        outbox.open();
    }

    /** A place that was never used before: an id for a gateway life or a session. */
    public long nextId() {
        return nextOffset++;
    }

    /** Tells a partition what was decided. */
    public void tell(String log, int partition, SessionEvent event) {
        Encoder out = new Encoder();
        event.write(out);
        outbox.add(new Effect.Forwarded(Position.of(nextId()), log, partition, true, out.toBytes()));
        outbox.flush();
    }
}
