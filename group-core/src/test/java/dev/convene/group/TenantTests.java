package dev.convene.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.Content;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.group.GroupCommand;
import dev.convene.protocol.log.Answer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two tenants that use the same names in one partition, and commands that reach from one to the other. */
class TenantTests {
    private final Partition partition = new Partition();
    private final Client ours = partition.connect("ann");
    private final Client theirs = partition.connectOf("acme", "ann");

    @Test
    void theSameNameIsAGroupOfItsOwnForEachTenant() {
        ours.join("room");
        theirs.join("acme#room");
        assertThat(partition.members("room")).containsExactly("#ann#gw");
        assertThat(partition.members("acme#room")).containsExactly("acme##ann#gw");
        ours.say("ours", "room");
        theirs.say("theirs", "acme#room");
        assertThat(ours.bodies()).containsExactly("ours");
        assertThat(theirs.bodies()).containsExactly("theirs");
        assertThat(ours.views()).hasSize(1);
        assertThat(theirs.views()).hasSize(1);
        ours.leave("room");
        assertThat(partition.members("acme#room")).containsExactly("acme##ann#gw");
    }

    @Test
    void theSamePrivateNameIsAnotherSession() {
        ours.say("to ours", "#ann#gw");
        theirs.say("to theirs", "acme##ann#gw", "acme##nobody#gw");
        assertThat(ours.bodies()).containsExactly("to ours");
        assertThat(theirs.bodies()).containsExactly("to theirs");
        assertThat(theirs.messages().getFirst().from()).isEqualTo("acme##ann#gw");
    }

    @Test
    void noCommandOfASessionReachesAnotherTenant() {
        ours.join("room");
        theirs.join("acme#room");
        theirs.joinQueue("acme#work", "crew");
        for (String group : List.of("acme#room", "acme##ann#gw", "other#room")) {
            refused(ours.say("over", group));
            refused(ours.say("over", "room", group));
        }
        refused(theirs.say("over", "room"));
        refused(theirs.say("over", "#ann#gw"));
        refused(theirs.say("over", "acme#room", "room"));
        refused(ours.join("acme#room"));
        refused(ours.leave("acme#room"));
        refused(ours.acknowledge("acme#work"));
        refused(ours.send(new GroupCommand.SetPresence("acme#room", new byte[0])));
        refused(ours.send(new GroupCommand.ListMembers("acme#room")));
        refused(ours.send(new GroupCommand.SetSettings("acme#room", 1, 1)));
        refused(theirs.join("room"));
        assertThat(partition.members("room")).containsExactly(ours.name);
        assertThat(partition.members("acme#room")).containsExactly(theirs.name);
        assertThat(ours.bodies()).isEmpty();
        assertThat(theirs.bodies()).isEmpty();
    }

    @Test
    void nobodyIsMadeToAnswerToAnotherTenant() {
        GroupCommand.Multicast asks = message("#ann#gw", "acme##ann#gw", "room");
        refused(ours.send(asks));
        refused(partition.sendAsGateway(Partition.GATEWAY, 1, asks));
        assertThat(ours.send(message("#ann#gw", "#ann#gw", "room")).isOk()).isTrue();
    }

    @Test
    void aGatewaySendsForOneTenantAtATime() {
        ours.join("room");
        theirs.join("acme#room");
        refused(partition.sendAsGateway(Partition.GATEWAY, 1, message("gw", "", "room", "acme#room")));
        assertThat(partition
                        .sendAsGateway(Partition.GATEWAY, 2, message("acme#gw", "", "acme#room"))
                        .isOk())
                .isTrue();
        assertThat(ours.bodies()).isEmpty();
        assertThat(theirs.messages()).extracting(Told.Message::from).containsExactly("acme#gw");
    }

    @Test
    void illegalNamesOfATenantAreRefused() {
        Client third = partition.connectOf("a-1", "bob");
        assertThat(third.join("a-1#a#b").error()).isEqualTo(ErrorCode.ILLEGAL_GROUP_NAME);
        assertThat(third.join("a-1##bob#gw").error()).isEqualTo(ErrorCode.PRIVATE_GROUP);
        assertThat(third.say("x", "a-1#" + "g".repeat(129)).error()).isEqualTo(ErrorCode.ILLEGAL_GROUP_NAME);
        assertThat(third.say("x", "a-1#" + "g".repeat(128)).isOk()).isTrue();
        GroupCommand settings = new GroupCommand.SetSettings("default#room", 1, 1);
        assertThat(partition.sendAsGateway(Partition.GATEWAY, 1, settings).error())
                .isEqualTo(ErrorCode.ILLEGAL_GROUP_NAME);
    }

    @Test
    void membersHaveTheDigestThatTheirClientsCompute() {
        ours.join("room");
        theirs.join("acme#room");
        assertThat(group("acme#room").digest()).isEqualTo(group("room").digest());
    }

    @Test
    void groupsAreListedTenantByTenant() {
        for (String name : List.of("b", "a", "zz")) {
            ours.join(name);
            theirs.join("acme#" + name);
        }
        assertThat(listedAfter("")).containsExactly("a", "b", "zz");
        assertThat(listedAfter("a")).containsExactly("b", "zz");
        assertThat(listedAfter("acme#")).containsExactly("acme#a", "acme#b", "acme#zz");
        assertThat(listedAfter("acme#b")).containsExactly("acme#zz");
        assertThat(listedAfter("ac#")).isEmpty();
        theirs.close();
        assertThat(listedAfter("acme#")).isEmpty();
        assertThat(listedAfter("")).hasSize(3);
    }

    private List<String> listedAfter(String name) {
        return partition.steady.shard.groups().sortedAfter(name).stream()
                .map(Group::name)
                .toList();
    }

    private Group group(String name) {
        Group found = partition.steady.shard.groups().find(name);
        assertThat(found).isNotNull();
        return found;
    }

    private static GroupCommand.Multicast message(String from, String replyTo, String... groups) {
        return new GroupCommand.Multicast(
                List.of(groups),
                from,
                ServiceLevel.AGREED,
                0,
                false,
                Content.TEXT,
                replyTo,
                "c",
                List.of(),
                new byte[] {'m'});
    }

    private static void refused(Answer answer) {
        assertThat(answer.error()).isEqualTo(ErrorCode.ILLEGAL_GROUP_NAME);
    }
}
