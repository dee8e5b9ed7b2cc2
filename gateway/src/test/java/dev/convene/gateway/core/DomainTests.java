package dev.convene.gateway.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.protocol.session.SessionCommand;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DomainTests {
    private final World world = new World();
    private final LogGateway gateway = world.gateway("g1");

    @Test
    void aDomainIsAttachedAtItsFirstUseAndOnce() {
        World.Client ann = world.new Client(gateway, "ann");
        ann.join("team/a");
        ann.join("team/b");
        ann.send(ServiceLevel.AGREED, "x", "team/a", "team/b");

        assertThat(ann.texts()).containsExactly("join team/a 1", "join team/b 1", "x");
        assertThat(world.sessions.heard.stream().filter(SessionCommand.Attach.class::isInstance))
                .hasSize(1);
    }

    @Test
    void aReadIsNoUseOfADomain() {
        int before = world.sessions.domains.size();
        List<Answer> answers = Stream.of(
                        new GroupOperation.Members("no/x", null, null, 10),
                        new GroupOperation.Members("no/x", null, null, 10, null, true),
                        new GroupOperation.History("no/x", null, 10),
                        new GroupOperation.Groups("no", null, null, 10),
                        new GroupOperation.Settings("no/x", null, null))
                .map(operation -> world.get(gateway.call(Principal.DEVELOPMENT, operation)))
                .toList();

        assertThat(world.sessions.domains).hasSize(before);
        assertThat(((Answer.MemberPage) answers.get(0)).members()).isEmpty();
        assertThat(((Answer.MemberPage) answers.get(1)).members()).isEmpty();
        assertThat(((Answer.HistoryPage) answers.get(2)).messages()).isEmpty();
        assertThat(((Answer.GroupPage) answers.get(3)).groups()).isEmpty();
        assertThat(answers.get(4)).isEqualTo(new Answer.SettingsInForce(null, null, null));
    }

    @Test
    void severalDomainsGetOneRecordEachUpToFifo() {
        World.Client ann = world.new Client(gateway, "ann");
        ann.join("a/x");
        ann.join("b/x");
        ann.texts();
        Answer.Accepted accepted = ann.send(ServiceLevel.FIFO, "both", "a/x", "b/x");
        assertThat(accepted.at()).isNotNull();
        assertThat(ann.texts()).containsExactly("both", "both");
        for (ServiceLevel level : new ServiceLevel[] {ServiceLevel.CAUSAL, ServiceLevel.AGREED, ServiceLevel.SAFE}) {
            assertThat(world.refusal(ann.begin(level, "both", "a/x", "b/x"))).isEqualTo(ErrorCode.ACROSS_DOMAINS);
        }
        assertThat(ann.texts()).isEmpty();
    }

    @Test
    void privateTargetsGoAlongWhereTheyAreAttached() {
        World.Client ann = world.new Client(gateway, "ann");
        World.Client in = world.new Client(gateway, "in");
        World.Client out = world.new Client(gateway, "out");
        in.join("a/y");
        in.texts();
        ann.join("a/x");
        ann.texts();

        ann.send(ServiceLevel.AGREED, "to in", "a/x", in.session.privateGroup());
        assertThat(in.texts()).containsExactly("to in");
        assertThat(world.refusal(ann.begin(ServiceLevel.AGREED, "to out", "a/x", out.session.privateGroup())))
                .isEqualTo(ErrorCode.ACROSS_DOMAINS);
        ann.send(ServiceLevel.FIFO, "to out", "a/x", out.session.privateGroup());
        assertThat(out.texts()).containsExactly("to out");
        Answer.Accepted gone = ann.send(ServiceLevel.AGREED, "to nobody", "a/x", "#nobody#g1");
        assertThat(gone.dropped()).containsExactly("#nobody#g1");
        assertThat(ann.texts()).containsExactly("to in", "to out", "to nobody");
    }

    @Test
    void aMessageWaitsForItsCausesInAnotherDomain() {
        World.Client ann = world.new Client(gateway, "ann");
        World.Client bob = world.new Client(gateway, "bob");
        LogGateway other = world.gateway("g2");
        World.Client eve = world.new Client(other, "eve");
        for (World.Client client : new World.Client[] {ann, bob, eve}) {
            client.join("a/x");
            client.join("b/x");
        }
        for (World.Client client : new World.Client[] {ann, bob, eve}) {
            client.texts();
        }
        int first = world.sessions.domains.get("a");
        world.gateways.get(other).pause(first, true);

        ann.send(ServiceLevel.CAUSAL, "cause", "a/x");
        assertThat(bob.texts()).containsExactly("cause");
        bob.send(ServiceLevel.CAUSAL, "effect", "b/x");
        bob.send(ServiceLevel.FIFO, "behind", "b/x");
        assertThat(eve.texts()).isEmpty();
        assertThat(ann.texts()).containsExactly("cause", "effect", "behind");

        world.gateways.get(other).pause(first, false);
        assertThat(eve.texts()).containsExactly("cause", "effect", "behind");
        assertThat(world.counters.heldBack.sum()).isEqualTo(1);
    }

    @Test
    void aSendersOwnMessagesInTwoDomainsKeepTheirOrderWhenCausal() {
        World.Client ann = world.new Client(gateway, "ann");
        LogGateway other = world.gateway("g2");
        World.Client eve = world.new Client(other, "eve");
        for (World.Client client : new World.Client[] {ann, eve}) {
            client.join("a/x");
            client.join("b/x");
        }
        ann.texts();
        eve.texts();
        world.gateways.get(other).pause(world.sessions.domains.get("a"), true);
        ann.begin(ServiceLevel.CAUSAL, "one", "a/x");
        ann.begin(ServiceLevel.CAUSAL, "two", "b/x");
        assertThat(eve.texts()).isEmpty();
        world.gateways.get(other).pause(world.sessions.domains.get("a"), false);

        assertThat(eve.texts()).containsExactly("one", "two");
    }

    @Test
    void aMessageWhoseOutcomeIsUnknownIsNotOvertakenInAnotherDomain() {
        World.Client ann = world.new Client(gateway, "ann");
        ann.join("a/x");
        ann.join("b/x");
        ann.texts();
        // Lost, and the broker takes nothing until long after its sender was told so.
        world.logs.faults.add(MemoryLogs.Fault.LOST);
        world.logs.always = MemoryLogs.Fault.REFUSED;
        assertThat(world.refusal(ann.begin(ServiceLevel.CAUSAL, "one", "a/x"))).isEqualTo(ErrorCode.OUTCOME_UNKNOWN);
        CompletableFuture<Answer> second = ann.begin(ServiceLevel.CAUSAL, "two", "b/x");
        world.logs.always = MemoryLogs.Fault.NONE;
        assertThat(ann.texts()).isEmpty();
        world.get(second);

        assertThat(ann.texts()).containsExactly("one", "two");
    }

    @Test
    void aMessageWaitsForAnUnknownOutcomeElsewhereForItsOwnTimeOnly() {
        World.Client ann = world.new Client(gateway, "ann");
        ann.join("a/x");
        ann.join("b/x");
        ann.texts();
        world.logs.faults.add(MemoryLogs.Fault.LOST);
        world.logs.always = MemoryLogs.Fault.REFUSED;
        assertThat(world.refusal(ann.begin(ServiceLevel.CAUSAL, "one", "a/x"))).isEqualTo(ErrorCode.OUTCOME_UNKNOWN);
        assertThat(world.refusal(ann.begin(ServiceLevel.CAUSAL, "two", "b/x"))).isEqualTo(ErrorCode.UNAVAILABLE);
        world.logs.always = MemoryLogs.Fault.NONE;
        world.pass(2000);
        ann.send(ServiceLevel.CAUSAL, "three", "b/x");

        assertThat(ann.texts()).containsExactly("one", "three");
    }

    @Test
    void aResumedSessionGoesOnAfterWhatItSentBefore() {
        World.Client ann = world.new Client(gateway, "ann");
        ann.join("a/x");
        ann.join("b/x");
        LogGateway other = world.gateway("g2");
        World.Client eve = world.new Client(other, "eve");
        eve.join("a/x");
        eve.join("b/x");
        ann.texts();
        eve.texts();
        ann.send(ServiceLevel.CAUSAL, "one", "a/x");
        ann.texts();
        ann.lose();
        assertThat(ann.resume(gateway)).isTrue();
        world.gateways.get(other).pause(world.sessions.domains.get("a"), true);
        world.pass(10);
        ann.send(ServiceLevel.CAUSAL, "two", "a/x");
        ann.lose();
        assertThat(ann.resume(gateway)).isTrue();
        ann.send(ServiceLevel.CAUSAL, "three", "b/x");
        assertThat(eve.texts()).containsExactly("one");
        world.gateways.get(other).pause(world.sessions.domains.get("a"), false);

        assertThat(eve.texts()).containsExactly("two", "three");
    }

    @Test
    void whatASessionWasToldBeforeItsResumePrecedesWhatItSendsAfterwards() {
        World.Client ann = world.new Client(gateway, "ann");
        ann.join("a/told");
        World.Client bob = world.new Client(gateway, "bob");
        bob.join("c/x");
        LogGateway other = world.gateway("g2");
        World.Client eve = world.new Client(other, "eve");
        eve.join("c/x");
        eve.join("a/next");
        ann.texts();
        bob.texts();
        eve.texts();
        world.gateways.get(other).pause(world.sessions.domains.get("c"), true);
        bob.send(ServiceLevel.CAUSAL, "one", "c/x");
        bob.send(ServiceLevel.CAUSAL, "two", "a/told");
        assertThat(ann.texts()).containsExactly("two");
        ann.lose();
        // Nobody there uses the first domain.
        assertThat(ann.resume(world.gateway("g3"))).isTrue();
        ann.send(ServiceLevel.CAUSAL, "three", "a/next");
        assertThat(eve.texts()).isEmpty();
        world.gateways.get(other).pause(world.sessions.domains.get("c"), false);

        assertThat(eve.texts()).containsExactly("one", "three");
    }

    @Test
    void aReceiverWaitsOnlyForDomainsThatItUses() {
        World.Client ann = world.new Client(gateway, "ann");
        ann.join("a/x");
        ann.join("b/x");
        LogGateway other = world.gateway("g2");
        World.Client eve = world.new Client(other, "eve");
        eve.join("b/x");
        ann.texts();
        eve.texts();
        ann.send(ServiceLevel.CAUSAL, "one", "a/x");
        ann.send(ServiceLevel.CAUSAL, "two", "b/x");

        assertThat(eve.texts()).containsExactly("two");
    }
}
