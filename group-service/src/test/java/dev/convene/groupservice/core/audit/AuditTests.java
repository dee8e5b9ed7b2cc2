package dev.convene.groupservice.core.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.groupservice.core.sessions.SessionFact;
import dev.convene.protocol.Position;
import dev.convene.runtime.SessionEnd;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AuditTests {
    private final List<AuditFact> told = new ArrayList<>();
    private long nowMs = 50_000;
    private final OwnedAudit owned = new OwnedAudit(told::add, () -> nowMs);
    private final SessionAudit sessions = new SessionAudit(owned);

    private void end(long offset, long session) {
        sessions.happened(
                new SessionFact.SessionEnded(Position.of(offset), session, "#s" + session + "#gw", SessionEnd.EXPIRED));
    }

    @Test
    void aReplicaThatIsNotTheOwnerTellsNothing() {
        end(1, 7);

        assertThat(told).isEmpty();
    }

    @Test
    void theOwnerTellsEachFactWithItsPlace() {
        owned.owned(3);
        end(5, 7);
        end(5, 8);
        end(6, 9);

        assertThat(told)
                .containsExactly(
                        new AuditFact(
                                "session-ended",
                                "sessions",
                                3,
                                5,
                                0,
                                Map.of("session", 7L, "name", "#s7#gw", "end", "expired")),
                        new AuditFact(
                                "session-ended",
                                "sessions",
                                3,
                                5,
                                1,
                                Map.of("session", 8L, "name", "#s8#gw", "end", "expired")),
                        new AuditFact(
                                "session-ended",
                                "sessions",
                                3,
                                6,
                                0,
                                Map.of("session", 9L, "name", "#s9#gw", "end", "expired")));
    }

    @Test
    void ownershipLapsesWhenItIsNotRenewed() {
        owned.owned(0);
        nowMs += OwnedAudit.HOLDS_MS + 1;
        end(5, 7);

        assertThat(told).isEmpty();
    }
}
