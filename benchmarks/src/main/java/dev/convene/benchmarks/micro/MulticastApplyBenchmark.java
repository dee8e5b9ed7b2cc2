package dev.convene.benchmarks.micro;

import dev.convene.group.Delivery;
import dev.convene.group.Group;
import dev.convene.group.GroupListener;
import dev.convene.group.GroupShard;
import dev.convene.group.Member;
import dev.convene.group.View;
import dev.convene.protocol.Content;
import dev.convene.protocol.Position;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.group.GroupCommand;
import dev.convene.protocol.log.Encoder;
import dev.convene.protocol.log.LogEntry;
import dev.convene.protocol.log.Origin;
import dev.convene.protocol.log.SessionEvent;
import dev.convene.runtime.machine.EffectSink;
import dev.convene.runtime.machine.ShardMachine;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What one record of the group log costs every replica and every gateway: a message of 256 bytes to a group of ten members,
 * from the bytes of the log to the listener that has seen each receiver.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class MulticastApplyBenchmark {
    private static final int BATCH = 2000;
    private static final int MEMBERS = 10;
    private static final long INCARNATION = 1;
    private static final String GROUP = "benchmark";

    private final byte[] payload = new byte[256];
    private final byte[][] headers = new byte[BATCH][];
    private final Receivers receivers = new Receivers();
    private final ShardMachine<GroupCommand> machine = new ShardMachine<>(new GroupShard(receivers), Set.of());
    private long offset;
    private long event;
    private long number;

    /** Counts who gets something, as a gateway's fan-out would look them up. */
    private static final class Receivers implements GroupListener {
        long count;

        @Override
        public void message(Delivery delivery) {
            delivery.forEachReceiver(session -> count += session.id());
        }

        @Override
        public void view(View view) {}

        @Override
        public void transitional(Position at, Group group) {}

        @Override
        public void selfLeft(Position at, Group group, Member leaver) {}

        @Override
        public void presence(Position at, Group group, Member member) {}

        @Override
        public void memberAdded(Group group, Member member) {}

        @Override
        public void memberRemoved(Group group, Member member) {}
    }

    /** Ten members; the first of them sends. */
    @Setup
    public void members() {
        tell(new SessionEvent.GatewayAttached(INCARNATION, "gw"));
        for (int i = 0; i < MEMBERS; i++) {
            tell(new SessionEvent.SessionAttached(session(i), 1, INCARNATION, "#m" + i + "#gw", false));
            GroupCommand join = new GroupCommand.Join(GROUP, "", false, new byte[0]);
            apply(
                    null,
                    new LogEntry.Commands(List.of(new LogEntry.Command(origin(session(i), 1), join.toBytes(), null)))
                            .toBytes());
        }
        number = 1;
    }

    /** A requester's numbers rise without gaps, so no record can be applied twice. */
    @Setup(Level.Invocation)
    public void records() {
        GroupCommand message = new GroupCommand.Multicast(
                List.of(GROUP), "#m0#gw", ServiceLevel.AGREED, 0, false, Content.TEXT, "", "", List.of(), payload);
        byte[] body = message.toBytes();
        for (int i = 0; i < BATCH; i++) {
            headers[i] = new LogEntry.Command(origin(session(0), ++number), body, payload).toBytes();
        }
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long apply() {
        for (byte[] header : headers) {
            machine.apply(offset++, header, payload, EffectSink.NONE);
        }
        return receivers.count;
    }

    private static long session(int index) {
        return 1000 + index;
    }

    private static Origin origin(long session, long number) {
        return new Origin(INCARNATION, session, 1, number, number, 0, "");
    }

    private void tell(SessionEvent event) {
        Encoder out = new Encoder();
        event.write(out);
        LogEntry.Forward forward = new LogEntry.Forward(Position.of(this.event++), true, out.toBytes());
        apply(null, new LogEntry.Forwards("convene.sessions", 0, "e", List.of(forward)).toBytes());
    }

    private void apply(byte @Nullable [] header, byte @Nullable [] value) {
        machine.apply(offset++, header, value, EffectSink.NONE);
    }
}
