package dev.convene.groupservice.adapter.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.groupservice.core.sessions.SessionsListener;
import dev.convene.groupservice.core.sessions.SessionsShard;
import dev.convene.protocol.log.LogEntry;
import dev.convene.protocol.session.SessionCommand;
import dev.convene.runtime.machine.EffectSink;
import dev.convene.runtime.machine.ShardMachine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SessionsOwnerTests {
    private final ShardMachine<SessionCommand> machine =
            new ShardMachine<>(new SessionsShard(SessionsListener.NONE), Set.of());
    private final List<SessionCommand> appended = new ArrayList<>();
    private long nowMs = 1_000_000;
    private long silentMs;
    private final SessionsOwner owner = new SessionsOwner(
            Map.of("groups", 4), Duration.ofSeconds(2), Duration.ofSeconds(60), () -> nowMs, life -> silentMs);

    private void look() {
        owner.look(0, machine, body -> {
            appended.add(SessionCommand.read(body));
            return CompletableFuture.completedFuture(0L);
        });
    }

    private long apply(SessionCommand command) {
        long offset = machine.view().nextOffset();
        machine.apply(offset, null, new LogEntry.Unasked(command.toBytes()).toBytes(), EffectSink.NONE);
        return offset;
    }

    private void lookFor(long ms) {
        for (long end = nowMs + ms; nowMs < end; nowMs += 100) {
            look();
        }
    }

    @Test
    void aLogIsDeclaredOnceAndAgainOnlyIfThatHadNoEffect() {
        lookFor(900);
        assertThat(appended).containsExactly(new SessionCommand.DeclareLog("groups", 4));

        lookFor(1000);
        assertThat(appended).hasSize(2);

        apply(appended.getFirst());
        lookFor(5000);
        assertThat(appended).hasSize(2);
    }

    @Test
    void aGatewayWhoseBeatsStopIsDeclaredLostAsOfWhatWasRead() {
        apply(new SessionCommand.DeclareLog("groups", 4));
        long life = apply(new SessionCommand.RegisterGateway("gw", 1, 1000));
        lookFor(3000);
        assertThat(appended).isEmpty();

        silentMs = 2000;
        look();

        assertThat(appended)
                .containsExactly(new SessionCommand.DeclareGatewayLost(
                        life, machine.view().nextOffset(), 60_000));
        apply(appended.getFirst());
        lookFor(3000);
        assertThat(appended).hasSize(1);
    }

    @Test
    void anOwnerThatTakesOverGivesEverybodyTime() {
        apply(new SessionCommand.DeclareLog("groups", 4));
        apply(new SessionCommand.RegisterGateway("gw", 1, 1000));
        lookFor(3000);
        silentMs = 60_000;
        nowMs += 30_000;

        lookFor(1900);
        assertThat(appended).isEmpty();
        lookFor(400);
        assertThat(appended).hasSize(1);
    }
}
