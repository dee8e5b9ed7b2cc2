package dev.convene.testkit.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.group.GroupListener;
import dev.convene.group.GroupShard;
import dev.convene.protocol.Content;
import dev.convene.protocol.Position;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.group.GroupCommand;
import dev.convene.protocol.log.LogEntry;
import dev.convene.protocol.log.Origin;
import dev.convene.protocol.log.SessionEvent;
import dev.convene.runtime.machine.EffectSink;
import dev.convene.runtime.machine.HaltedException;
import dev.convene.runtime.machine.ShardMachine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whatever bytes stand in a log, the machine of groups goes on and stays small. */
class MalformedBytesTests {
    private static final int RECORDS = 100_000;
    private static final int SNAPSHOT_EVERY = 2_000;

    private final Random random = new Random(Long.getLong("convene.seed", 20));
    private final List<byte[]> good = goodRecords();
    private ShardMachine<GroupCommand> machine = new ShardMachine<>(new GroupShard(GroupListener.NONE), Set.of());
    private int halted;

    @Test
    void randomAndMutatedRecordsNeverThrowAndNeverAllocateWildly() {
        long allocatedMax = 0;
        com.sun.management.ThreadMXBean threads =
                (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        for (int offset = 0; offset < RECORDS; offset++) {
            byte[] value = record();
            byte[] header = random.nextInt(3) == 0 ? record() : null;
            long before = threads.getCurrentThreadAllocatedBytes();
            apply(offset, header, value);
            allocatedMax = Math.max(allocatedMax, threads.getCurrentThreadAllocatedBytes() - before);
            if (offset % SNAPSHOT_EVERY == 0) {
                String digest = machine.digest();
                machine = ShardMachine.fromSnapshot(new GroupShard(GroupListener.NONE), machine.snapshot(), Set.of());
                assertThat(machine.digest()).isEqualTo(digest);
            }
        }
        assertThat(machine.view().nextOffset()).isEqualTo(RECORDS);
        assertThat(machine.view().failures().malformedCount()).isGreaterThan(RECORDS / 10);
        assertThat(halted).isPositive();
        assertThat(allocatedMax).isLessThan(1 << 20);
    }

    /** Only an unknown behaviour version halts; the operator's skip is a machine from the snapshot before it. */
    private void apply(int offset, byte[] header, byte[] value) {
        byte[] before = isBehaviour(header, value) ? machine.snapshot() : null;
        try {
            machine.apply(offset, header, value, EffectSink.NONE);
        } catch (HaltedException e) {
            assertThat(before).as("halted at a record that is no behaviour").isNotNull();
            halted++;
            machine = ShardMachine.fromSnapshot(new GroupShard(GroupListener.NONE), before, Set.of((long) offset));
            machine.apply(offset, header, value, EffectSink.NONE);
        }
    }

    private static boolean isBehaviour(byte[] header, byte[] value) {
        return header == null && value.length > 1 && value[1] == 8;
    }

    private byte[] record() {
        if (random.nextInt(4) == 0) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            if (bytes.length > 1 && random.nextBoolean()) {
                bytes[0] = 1;
                bytes[1] = (byte) random.nextInt(13);
            }
            return bytes;
        }
        byte[] bytes = good.get(random.nextInt(good.size())).clone();
        int mutations = random.nextInt(4);
        for (int i = 0; i < mutations && bytes.length > 0; i++) {
            bytes = mutated(bytes);
        }
        return bytes;
    }

    private byte[] mutated(byte[] bytes) {
        int at = random.nextInt(bytes.length);
        return switch (random.nextInt(5)) {
            case 0 -> Arrays.copyOf(bytes, at);
            case 1 -> Arrays.copyOf(bytes, bytes.length + random.nextInt(8));
            case 2 -> {
                byte[] other = good.get(random.nextInt(good.size()));
                byte[] joined = Arrays.copyOf(bytes, at + other.length);
                System.arraycopy(other, 0, joined, at, other.length);
                yield joined;
            }
            case 3 -> {
                bytes[at] = (byte) random.nextInt(256);
                yield bytes;
            }
            default -> {
                bytes[at] ^= (byte) (1 << random.nextInt(8));
                yield bytes;
            }
        };
    }

    private static List<byte[]> goodRecords() {
        List<byte[]> records = new ArrayList<>();
        long events = 0;
        List<SessionEvent> told = List.of(
                new SessionEvent.GatewayAttached(1, "gw"),
                new SessionEvent.GatewayAttached(2, "gw2"),
                new SessionEvent.SessionAttached(10, 1, 1, "#a#gw", true),
                new SessionEvent.SessionAttached(11, 1, 2, "#b#gw2", false),
                new SessionEvent.SessionSuspended(10, 1),
                new SessionEvent.SessionResumed(10, 2, 2),
                new SessionEvent.SessionEnded(10, true),
                new SessionEvent.GatewayLost(2),
                new SessionEvent.GatewayExpired(2, new long[] {10, 11}));
        for (SessionEvent event : told) {
            records.add(new LogEntry.Forwards("s", 0, "e", List.of(MachineBench.forward(events++, event))).toBytes());
        }
        for (int number = 0; number < 4; number++) {
            for (GroupCommand command : commands()) {
                Origin origin = new Origin(1, 10, 1, number, 1, number % 2, number == 3 ? "key" : "");
                byte[] payload = command instanceof GroupCommand.Multicast m ? m.payload() : null;
                LogEntry.Command entry = new LogEntry.Command(origin, command.toBytes(), payload);
                records.add(entry.toBytes());
                records.add(new LogEntry.Commands(List.of(entry, entry)).toBytes());
            }
        }
        records.add(new LogEntry.Term(1, "i").toBytes());
        records.add(new LogEntry.Tick(1, 100, 100).toBytes());
        records.add(new LogEntry.Skip(7).toBytes());
        records.add(new LogEntry.Behaviour(1).toBytes());
        records.add(new LogEntry.Probe(8).toBytes());
        records.add(new LogEntry.Unasked(new byte[] {6, 1, 'g'}).toBytes());
        records.add(new LogEntry.OwnerCommand(1, new byte[] {6, 1, 'g'}).toBytes());
        records.add(new LogEntry.Confirmations(1, List.of(new LogEntry.Confirmation(10, 1, Position.of(3)))).toBytes());
        return records;
    }

    private static List<GroupCommand> commands() {
        return List.of(
                new GroupCommand.Join("g", "", true, new byte[0]),
                new GroupCommand.Join("h", "q", true, new byte[] {'1'}),
                new GroupCommand.Leave("g"),
                new GroupCommand.SetPresence("g", new byte[] {'2'}),
                new GroupCommand.Acknowledge("h", List.of(Position.of(4), new Position(5, 1)), true),
                new GroupCommand.ListMembers("g"),
                new GroupCommand.SetSettings("g", 5, 6),
                new GroupCommand.Multicast(
                        List.of("g", "h", "#a#gw"),
                        "#a#gw",
                        ServiceLevel.AGREED,
                        7,
                        true,
                        Content.TEXT,
                        "r",
                        "c",
                        List.of(new GroupCommand.Cause(1, 2)),
                        new byte[] {'x'}));
    }
}
