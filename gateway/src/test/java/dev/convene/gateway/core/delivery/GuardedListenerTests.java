package dev.convene.gateway.core.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.group.GroupListener;
import dev.convene.group.GroupShard;
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
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A fault in the delivery to members does not halt the partition, and names those who may have missed something. */
class GuardedListenerTests {
    private final List<Set<Long>> concerned = new ArrayList<>();
    private final ShardMachine<GroupCommand> machine = new ShardMachine<>(
            new GroupShard(new GuardedListener(faulty(), (cause, sessions) -> concerned.add(sessions))), Set.of());
    private long offset;

    /** Throws whatever it hears. */
    private static GroupListener faulty() {
        return (GroupListener) Proxy.newProxyInstance(
                GroupListener.class.getClassLoader(),
                new Class<?>[] {GroupListener.class},
                (self, method, arguments) -> {
                    throw new IllegalStateException("planted in " + method.getName());
                });
    }

    private void apply(byte[] header, byte[] value) {
        machine.apply(offset++, header, value, EffectSink.NONE);
    }

    private void tell(SessionEvent event) {
        Encoder out = new Encoder();
        event.write(out);
        LogEntry.Forward forward = new LogEntry.Forward(Position.of(offset), true, out.toBytes());
        apply(null, new LogEntry.Forwards("convene.sessions", 0, "e", List.of(forward)).toBytes());
    }

    private void send(long session, long number, GroupCommand command) {
        Origin origin = new Origin(1, session, 1, number, number, 0, "");
        if (command instanceof GroupCommand.Multicast message) {
            apply(new LogEntry.Command(origin, command.toBytes(), message.payload()).toBytes(), message.payload());
        } else {
            apply(
                    null,
                    new LogEntry.Commands(List.of(new LogEntry.Command(origin, command.toBytes(), null))).toBytes());
        }
    }

    @Test
    void thePartitionGoesOnAndWhoIsConcernedIsNamed() {
        tell(new SessionEvent.GatewayAttached(1, "gw"));
        for (long session = 10; session < 13; session++) {
            tell(new SessionEvent.SessionAttached(session, 1, 1, "#s" + session + "#gw", true));
        }
        send(10, 1, new GroupCommand.Join("g", "", true, new byte[0]));
        assertThat(concerned).containsExactly(Set.of(10L), Set.of(10L));
        send(11, 1, new GroupCommand.Join("g", "", true, new byte[0]));
        concerned.clear();

        send(
                12,
                1,
                new GroupCommand.Multicast(
                        List.of("g"),
                        "#s12#gw",
                        ServiceLevel.AGREED,
                        0,
                        false,
                        Content.TEXT,
                        "",
                        "",
                        List.of(),
                        new byte[1]));

        assertThat(concerned).containsExactly(Set.of(10L, 11L));
        concerned.clear();
        send(11, 2, new GroupCommand.SetPresence("g", new byte[] {1}));
        send(11, 3, new GroupCommand.Leave("g"));
        assertThat(concerned).containsExactly(Set.of(10L, 11L), Set.of(11L), Set.of(11L), Set.of(10L));
        concerned.clear();
        tell(new SessionEvent.GatewayExpired(1, new long[] {10}));
        assertThat(concerned).containsExactly(Set.of(10L));
        assertThat(machine.view().nextOffset()).isEqualTo(offset);
    }
}
