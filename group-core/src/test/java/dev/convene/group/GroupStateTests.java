package dev.convene.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Position;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.frame.MemberDigest;
import dev.convene.protocol.group.GroupCommand;
import dev.convene.protocol.log.LogEntry;
import dev.convene.protocol.log.SessionEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Presence, settings, digests, limits; and random runs, in which a replica starts anew before each record. */
class GroupStateTests {
    private final Partition partition = new Partition();
    private final Client a = partition.connect("a");
    private final Client b = partition.connect("b");

    private static byte[] json(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void presenceDataComesWithTheJoinAndItsChangesAreTold() {
        a.join("g");
        b.send(new GroupCommand.Join("g", "", true, json("1")));
        assertThat(partition.steady.shard.groups().find("g").member(b.id).presence())
                .isEqualTo(json("1"));
        Position at = b.send(new GroupCommand.SetPresence("g", json("2"))).at();
        Told.Presence told = new Told.Presence("g", at, b.name, "2");
        assertThat(a.told().getLast()).isEqualTo(told);
        assertThat(b.told().getLast()).isEqualTo(told);
    }

    @Test
    void presenceIsRefusedToOthersAndBeyondItsLimit() {
        assertThat(a.send(new GroupCommand.SetPresence("g", json("1"))).error()).isEqualTo(ErrorCode.NOT_A_MEMBER);
        a.join("g");
        byte[] large = new byte[GroupLimits.PRESENCE_BYTES_MAX + 1];
        assertThat(a.send(new GroupCommand.SetPresence("g", large)).error()).isEqualTo(ErrorCode.PRESENCE_TOO_LARGE);
        assertThat(b.send(new GroupCommand.Join("g", "", true, large)).error()).isEqualTo(ErrorCode.PRESENCE_TOO_LARGE);
        assertThat(partition.members("g")).containsExactly(a.name);
    }

    @Test
    void settingsOutliveTheGroup() {
        a.join("g");
        assertThat(b.send(new GroupCommand.SetSettings("g", 1000, -1)).isOk()).isTrue();
        a.leave("g");
        assertThat(partition.steady.shard.groups().settings("g")).isEqualTo(new GroupSettings(1000, -1));
        b.send(new GroupCommand.SetSettings("g", -1, -1));
        assertThat(partition.steady.shard.groups().allSettings()).isEmpty();
        assertThat(b.send(new GroupCommand.SetSettings("g", -2, 0)).error()).isEqualTo(ErrorCode.BAD_FIELD);
        assertThat(b.send(new GroupCommand.SetSettings("#g", 0, 0)).error()).isEqualTo(ErrorCode.ILLEGAL_GROUP_NAME);
    }

    @Test
    void aListOfMembersIsAnsweredAtItsPlace() {
        a.join("g");
        Position at = b.send(new GroupCommand.ListMembers("g")).at();
        assertThat(at.offset()).isEqualTo(partition.nextOffset() - 1);
        assertThat(partition.members("g")).containsExactly(a.name);
    }

    @Test
    void theDigestOfAGroupIsThatOfItsMembersWhateverTheirOrder() {
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            clients.add(partition.connect("n" + i));
            clients.getLast().join("g");
        }
        for (int i = 0; i < 20; i += 3) {
            clients.get(i).leave("g");
        }
        clients.get(0).join("g");
        Group group = partition.steady.shard.groups().find("g");
        assertThat(group.digest()).isEqualTo(MemberDigest.of(partition.members("g")));
    }

    @Test
    void groupsPerSessionAreLimited() {
        Partition many = new Partition(false);
        Client client = many.connect("a");
        for (int i = 0; i < GroupLimits.GROUPS_PER_SESSION_MAX; i++) {
            client.join("g" + i);
        }
        assertThat(client.join("one-more").error()).isEqualTo(ErrorCode.TOO_MANY_GROUPS_JOINED);
        client.leave("g7");
        assertThat(client.join("one-more").isOk()).isTrue();
    }

    @Test
    void randomRunsGiveTheSameOnAReplicaThatStartsAnewBeforeEachRecord() {
        for (long seed = 0; seed < 30; seed++) {
            new RandomRun(seed).run();
        }
    }

    /** Everything that can happen in a partition, in random order; {@link Partition} compares the replicas. */
    private static final class RandomRun {
        private static final List<String> GROUPS = List.of("g", "h", "i", "d/j");

        private final Random random;
        private final Partition partition = new Partition();
        private final List<Client> clients = new ArrayList<>();
        private long gateways = 1;
        private int names;

        RandomRun(long seed) {
            random = new Random(seed);
        }

        void run() {
            for (int i = 0; i < 150; i++) {
                if (clients.size() < 2) {
                    connect();
                } else {
                    step(clients.get(random.nextInt(clients.size())));
                }
            }
        }

        private void connect() {
            long gateway = random.nextBoolean() ? Partition.GATEWAY : gateways;
            clients.add(partition.connect("n" + names++, gateway, random.nextInt(4) > 0));
        }

        private String group() {
            return GROUPS.get(random.nextInt(GROUPS.size()));
        }

        private void step(Client client) {
            switch (random.nextInt(16)) {
                case 0 -> connect();
                case 1, 2, 3 -> client.join(group());
                case 4, 5 -> client.joinQueue(group(), "q" + random.nextInt(2));
                case 6 -> client.leave(group());
                case 7, 8 -> client.say("m", group(), group());
                case 9 -> client.sayToOthers("m", group());
                case 10 -> acknowledge(client);
                case 11 -> client.suspend();
                case 12 -> client.resume(Partition.GATEWAY);
                case 13 -> pack(client);
                case 14 -> {
                    clients.remove(client);
                    client.expire();
                }
                default -> loseGateway();
            }
            partition.skipOffsets(random.nextInt(3));
        }

        private void acknowledge(Client client) {
            String group = group();
            Position[] got = client.messages().stream()
                    .filter(Told.Message::queue)
                    .map(Told.Message::at)
                    .toArray(Position[]::new);
            if (random.nextBoolean()) {
                client.acknowledge(group, got);
            } else {
                client.release(group, got);
            }
        }

        private void pack(Client client) {
            Client other = clients.get(random.nextInt(clients.size()));
            partition.pack(
                    client.next(new GroupCommand.Join(group(), "", true, Client.NO_PRESENCE)),
                    other.next(new GroupCommand.Join(group(), "q0", random.nextBoolean(), json("7"))),
                    client.next(new GroupCommand.Leave(group())),
                    other.next(new GroupCommand.SetPresence(group(), json("8"))));
        }

        private void loseGateway() {
            if (gateways == Partition.GATEWAY) {
                partition.attachGateway(++gateways);
                return;
            }
            List<Client> lost =
                    clients.stream().filter(c -> c.incarnation == gateways).toList();
            partition.tell(new SessionEvent.GatewayLost(gateways));
            long[] expired = lost.stream()
                    .filter(c -> random.nextBoolean())
                    .mapToLong(c -> c.id)
                    .toArray();
            partition.tell(new SessionEvent.GatewayExpired(gateways, expired));
            partition.attachGateway(++gateways);
            for (Client client : lost) {
                boolean gone = java.util.Arrays.stream(expired).anyMatch(id -> id == client.id);
                if (gone) {
                    clients.remove(client);
                } else {
                    client.resume(gateways);
                }
            }
        }
    }

    @Test
    void aRecordThatIsNoCommandChangesNothing() {
        a.join("g");
        String before = partition.steady.machine.digest();
        LogEntry.Command broken =
                new LogEntry.Command(a.next(new GroupCommand.Leave("g")).origin(), new byte[] {99}, null);
        partition.append(broken);
        assertThat(partition.steady.machine.digest()).isNotEqualTo(before);
        assertThat(partition.members("g")).containsExactly(a.name);
        assertThat(partition.steady.machine.view().failures().malformedCount()).isEqualTo(1);
        assertThat(a.send(a.message(ServiceLevel.SAFE, false, "m", "g")).isOk()).isTrue();
    }
}
