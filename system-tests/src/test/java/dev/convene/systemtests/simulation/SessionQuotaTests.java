package dev.convene.systemtests.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.groupservice.core.sessions.SessionsListener;
import dev.convene.groupservice.core.sessions.SessionsShard;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Position;
import dev.convene.protocol.log.Answer;
import dev.convene.protocol.log.Encoder;
import dev.convene.protocol.log.LogEntry;
import dev.convene.protocol.log.Origin;
import dev.convene.protocol.log.SessionEvent;
import dev.convene.protocol.session.SessionCommand;
import dev.convene.runtime.machine.ShardMachine;
import dev.convene.testkit.Contract;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The quota of sessions, on the sessions shard alone. */
class SessionQuotaTests {
    private static final int QUOTA = 2;
    private static final int GRACE_MS = 1000;

    private final ShardMachine<SessionCommand> machine =
            new ShardMachine<>(new SessionsShard(SessionsListener.NONE), Set.of());
    private final List<Answer> answers = new ArrayList<>();
    /** What the shard tells its own log, as its owner appends it. */
    private final List<LogEntry.Forward> toItself = new ArrayList<>();

    private long nextOffset;
    private long number;

    private void append(LogEntry entry) {
        machine.apply(nextOffset++, null, entry.toBytes(), new GroupReader.Sink() {
            @Override
            public void answer(Position id, long incarnation, long requester, long itsNumber, long ref, Answer answer) {
                answers.add(answer);
            }

            @Override
            public void tell(Position id, String log, int partition, SessionEvent event) {
                if (log.equals(SessionsShard.LOG)) {
                    Encoder out = new Encoder();
                    event.write(out);
                    toItself.add(new LogEntry.Forward(id, true, out.toBytes()));
                }
            }
        });
    }

    private Answer ask(long gateway, SessionCommand command) {
        Origin origin = new Origin(gateway, gateway, 0, ++number, number, 0, "");
        append(new LogEntry.Commands(List.of(new LogEntry.Command(origin, command.toBytes(), null))));
        return answers.getLast();
    }

    private Answer connect(long gateway, String name) {
        return ask(gateway, new SessionCommand.Connect(name, new byte[32], true, GRACE_MS, QUOTA));
    }

    @Test
    @Contract("G6")
    void aSessionOverTheQuotaIsRefusedAndTheOthersLiveOn() {
        append(new LogEntry.Unasked(new SessionCommand.DeclareLog(SessionsShard.GROUPS_LOG, 1).toBytes()));
        long gateway = nextOffset;
        append(new LogEntry.Unasked(new SessionCommand.RegisterGateway("gw", 7, GRACE_MS).toBytes()));
        append(new LogEntry.Forwards(SessionsShard.LOG, 0, "e", List.copyOf(toItself)));
        assertThat(connect(gateway, "a").isOk()).isTrue();
        assertThat(connect(gateway, "b").isOk()).isTrue();
        assertThat(connect(gateway, "c").error()).isEqualTo(ErrorCode.TOO_MANY_SESSIONS);
        assertThat(((SessionsShard) machine.shard()).sessionCount()).isEqualTo(QUOTA);
    }
}
