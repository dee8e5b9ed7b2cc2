package dev.convene.groupservice.core.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.log.SessionEvent;
import dev.convene.protocol.session.SessionCommand;
import dev.convene.protocol.session.SessionReply;
import org.junit.jupiter.api.Test;

/** Sessions of two tenants that use the same names on the same gateway. */
class TenantTests {
    private final SessionsLog log = SessionsLog.ready();
    private final Gateway gateway = log.gateway("gw");

    @Test
    void theSameNameIsASessionOfItsOwnForEachTenant() {
        SessionReply.Connected ours = gateway.connect("ann");
        SessionReply.Connected theirs = gateway.connect("acme#ann");

        assertThat(gateway.refusal(Gateway.connecting("acme#ann", 7, 0))).isEqualTo(ErrorCode.NAME_NOT_UNIQUE);
        gateway.close(ours.session(), 1);
        assertThat(gateway.refusal(Gateway.connecting("acme#ann", 7, 0))).isEqualTo(ErrorCode.NAME_NOT_UNIQUE);
        gateway.close(theirs.session(), 1);
        assertThat(gateway.connect("acme#ann").session()).isNotEqualTo(theirs.session());
    }

    @Test
    void aSessionBeginsInTheDefaultDomainOfItsTenantUnderItsQualifiedName() {
        SessionReply.Connected theirs = gateway.connect("acme#ann");

        SessionReply.Domain home = theirs.domains().getFirst();
        assertThat(home.domain()).isEqualTo("acme#default");
        assertThat(log.partition(home).events())
                .containsExactly(
                        new SessionEvent.GatewayAttached(gateway.incarnation(), "gw"),
                        new SessionEvent.SessionAttached(
                                theirs.session(), 1, gateway.incarnation(), "acme##ann#gw", true));
        assertThat(gateway.connect("acme#bob").domains()).containsExactly(home);
    }

    @Test
    void namesOfATenantAreCheckedAsBareOnesAre() {
        for (String name : new String[] {"acme#", "acme#a#b", "acme##ann", "Acme#ann", "default#ann", "acme#a/b"}) {
            assertThat(gateway.refusal(Gateway.connecting(name, 7, 0))).as(name).isEqualTo(ErrorCode.ILLEGAL_NAME);
        }
        assertThat(log.shard().sessionCount()).isZero();
    }

    @Test
    void aSessionOfAnotherTenantIsNotThereAlsoForWhoeverHasItsToken() {
        long theirs = gateway.connect("acme#ann").session();
        long ours = gateway.connect("ann").session();
        byte[] token = Gateway.token(7);

        for (byte[] given : new byte[][] {token, Gateway.token(8)}) {
            assertThat(gateway.refusal(new SessionCommand.Resume(theirs, given)))
                    .isEqualTo(ErrorCode.SESSION_ENDED);
            assertThat(gateway.refusal(new SessionCommand.Resume(theirs, given, "other")))
                    .isEqualTo(ErrorCode.SESSION_ENDED);
            assertThat(gateway.refusal(new SessionCommand.Resume(ours, given, "acme")))
                    .isEqualTo(ErrorCode.SESSION_ENDED);
        }
        SessionReply.Resumed resumed =
                (SessionReply.Resumed) gateway.reply(new SessionCommand.Resume(theirs, token, "acme"));
        assertThat(resumed.epoch()).isEqualTo(2);
        assertThat(resumed.name()).isEqualTo("acme#ann");
    }

    @Test
    void aSessionIsAttachedToDomainsOfItsTenantOnly() {
        long theirs = gateway.connect("acme#ann").session();
        long ours = gateway.connect("ann").session();

        assertThat(gateway.attach(theirs, 1, "acme#orders").domain()).isEqualTo("acme#orders");
        assertThat(gateway.refusal(attaching(theirs, "orders"))).isEqualTo(ErrorCode.ILLEGAL_GROUP_NAME);
        assertThat(gateway.refusal(attaching(theirs, "other#orders"))).isEqualTo(ErrorCode.ILLEGAL_GROUP_NAME);
        assertThat(gateway.refusal(attaching(ours, "acme#orders"))).isEqualTo(ErrorCode.ILLEGAL_GROUP_NAME);
        assertThat(gateway.refusal(attaching(theirs, "acme#a/b"))).isEqualTo(ErrorCode.ILLEGAL_GROUP_NAME);
    }

    @Test
    void aTenantThatIsOneDomainTooManyIsRefusedAndLeavesNothing() {
        for (int i = log.shard().domainCount(); i < SessionLimits.DOMAINS_MAX; i++) {
            gateway.attach("d" + i);
        }
        assertThat(gateway.refusal(Gateway.connecting("acme#ann", 7, 0))).isEqualTo(ErrorCode.TOO_MANY_DOMAINS);
        assertThat(log.shard().sessionCount()).isZero();
        assertThat(gateway.connect("ann").domains()).hasSize(1);
    }

    private static SessionCommand attaching(long session, String domain) {
        return new SessionCommand.Attach(session, 1, SessionsShard.GROUPS_LOG, domain);
    }
}
