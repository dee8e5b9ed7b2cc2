package dev.convene.groupservice.core.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.log.SessionEvent;
import dev.convene.protocol.session.SessionCommand;
import dev.convene.protocol.session.SessionReply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DomainTests {
    private final SessionsLog log = SessionsLog.ready();
    private final Gateway gateway = log.gateway("gw");
    private final SessionReply.Connected a = gateway.connect("a");

    @Test
    void aDomainLivesInTheSamePartitionForEverybody() {
        SessionReply.Domain domain = gateway.attach(a.session(), 1, "orders");
        Gateway other = log.gateway("other");

        assertThat(other.attach("orders")).isEqualTo(domain);
        assertThat(other.attach(other.connect("b").session(), 1, "orders")).isEqualTo(domain);
    }

    @Test
    void whereADomainLivesFollowsFromItsNameAlone() {
        assertThat(gateway.attach("default").partition()).isEqualTo(3);
        assertThat(gateway.attach("orders").partition()).isEqualTo(1);
        assertThat(gateway.attach("a").partition()).isEqualTo(1);
        assertThat(gateway.attach("b").partition()).isEqualTo(0);
        assertThat(gateway.attach("c").partition()).isEqualTo(0);
    }

    @Test
    void attachingTwiceTellsThePartitionOnce() {
        SessionReply.Domain domain = gateway.attach(a.session(), 1, "orders");
        gateway.attach(a.session(), 1, "orders");

        assertThat(log.partition(domain).events(SessionEvent.SessionAttached.class))
                .hasSize(1);
        assertThat(gateway.resume(a.session()).domains())
                .containsExactly(a.domains().getFirst(), domain);
    }

    @Test
    void domainsThatShareAPartitionShareTheAttachmentThere() {
        for (int i = 0; i < SessionLimits.DOMAINS_PER_SESSION_MAX - 1; i++) {
            gateway.attach(a.session(), 1, "d" + i);
        }
        gateway.close(a.session(), 1);

        for (int partition = 0; partition < SessionsLog.PARTITIONS; partition++) {
            assertThat(log.partition(partition).events(SessionEvent.SessionAttached.class))
                    .hasSize(1);
            assertThat(log.partition(partition).events(SessionEvent.SessionEnded.class))
                    .hasSize(1);
        }
    }

    @Test
    void aSessionOverTheLimitOfDomainsIsRefusedButKeepsThoseThatItHas() {
        for (int i = 0; i < SessionLimits.DOMAINS_PER_SESSION_MAX - 1; i++) {
            gateway.attach(a.session(), 1, "d" + i);
        }
        assertThat(gateway.refusal(attaching("one-more"))).isEqualTo(ErrorCode.TOO_MANY_DOMAINS);
        assertThat(gateway.attach(a.session(), 1, "d3").domain()).isEqualTo("d3");
    }

    @Test
    void domainsOverTheTotalLimitAreRefusedButKnownOnesWork() {
        for (int i = log.shard().domainCount(); i < SessionLimits.DOMAINS_MAX; i++) {
            gateway.attach("d" + i);
        }
        assertThat(gateway.refusal(attaching("one-more"))).isEqualTo(ErrorCode.TOO_MANY_DOMAINS);
        assertThat(gateway.refusal(new SessionCommand.AttachGateway("groups", "one-more")))
                .isEqualTo(ErrorCode.TOO_MANY_DOMAINS);
        assertThat(gateway.attach(a.session(), 1, "d77").domain()).isEqualTo("d77");
    }

    @Test
    void aLookUpOfADomainThatNobodyHasUsedLeavesItAlone() {
        int before = log.shard().domainCount();
        assertThat(gateway.reply(new SessionCommand.AttachGateway("groups", "unused", false)))
                .isEqualTo(new SessionReply.Done());
        assertThat(log.shard().domainCount()).isEqualTo(before);
        SessionReply.Domain used = gateway.attach("used");
        assertThat(gateway.reply(new SessionCommand.AttachGateway("groups", "used", false)))
                .isEqualTo(new SessionReply.Attached(used));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "a b", "#a", "a,b"})
    void anIllegalDomainNameIsRefused(String domain) {
        assertThat(gateway.refusal(attaching(domain))).isEqualTo(ErrorCode.ILLEGAL_GROUP_NAME);
        assertThat(gateway.refusal(new SessionCommand.AttachGateway("groups", domain)))
                .isEqualTo(ErrorCode.ILLEGAL_GROUP_NAME);
    }

    @Test
    void aLogThatWasNotDeclaredIsUnavailable() {
        assertThat(gateway.refusal(new SessionCommand.Attach(a.session(), 1, "spaces", "d")))
                .isEqualTo(ErrorCode.UNAVAILABLE);

        log.owner(new SessionCommand.DeclareLog("spaces", 2));

        assertThat(gateway.ask(new SessionCommand.Attach(a.session(), 1, "spaces", "d"))
                        .isOk())
                .isTrue();
    }

    @Test
    void aSuspendedSessionIsSuspendedInANewPartitionToo() {
        gateway.suspend(a.session(), 1);
        for (int i = 0; i < 10; i++) {
            gateway.attach(a.session(), 1, "d" + i);
        }
        for (int partition = 0; partition < SessionsLog.PARTITIONS; partition++) {
            assertThat(log.partition(partition).view().session(a.session()).isSuspended())
                    .isTrue();
        }
    }

    private SessionCommand attaching(String domain) {
        return new SessionCommand.Attach(a.session(), 1, SessionsShard.GROUPS_LOG, domain);
    }
}
