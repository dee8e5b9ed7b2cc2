package dev.convene.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.group.GroupCommand;
import dev.convene.protocol.log.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a partition of groups holds for its members is bounded in bytes, for each and for all. */
class BoundTests {
    private static final byte[] MEGABYTE = new byte[1 << 20];
    private static final int BODY = 100_000;

    private static Answer say(Client from, byte[] body, String... groups) {
        return from.send(from.message(ServiceLevel.AGREED, false, 0, body, groups));
    }

    private static Answer join(Client client, String group, int presenceBytes) {
        return client.send(new GroupCommand.Join(group, "", false, new byte[presenceBytes]));
    }

    private static long queuedBytes(Partition partition) {
        return partition.steady.shard.groups().queued().bytes();
    }

    @Test
    void theQueuesOfAPartitionAreBoundedTogetherAndAFreshOneStillFindsRoom() {
        Partition partition = new Partition(false);
        Client sender = partition.connect("sender");
        Client taker = partition.connect("taker");
        taker.suspend();
        for (int queue = 0; queue < 20; queue++) {
            taker.joinQueue("g" + queue, "q");
            int taken = 0;
            while (say(sender, MEGABYTE, "g" + queue).isOk()) {
                taken++;
            }
            assertThat(taken).as("queue %d", queue).isLessThanOrEqualTo(64);
            assertThat(queuedBytes(partition)).isLessThanOrEqualTo(GroupLimits.QUEUED_BYTES_OF_ALL_MAX);
        }
        taker.joinQueue("fresh", "q");
        assertThat(sender.say("small", "fresh").isOk()).isTrue();
        assertThat(sender.say("small", "g0").error()).isEqualTo(ErrorCode.QUEUE_FULL);
        taker.close();
        partition.emptyQueues();
        assertThat(queuedBytes(partition)).isZero();
    }

    @Test
    void aBodyInManyQueuesCountsOnceAndStandsOnceInASnapshot() {
        Partition partition = new Partition();
        Client sender = partition.connect("sender");
        Client taker = partition.connect("taker");
        String[] groups = new String[20];
        for (int i = 0; i < groups.length; i++) {
            groups[i] = "g" + i;
            taker.joinQueue(groups[i], "q");
        }
        say(sender, new byte[BODY], groups);
        assertThat(queuedBytes(partition)).isBetween((long) BODY, BODY + 10_000L);
        assertThat(partition.steady.machine.snapshot().length).isLessThan(BODY + 10_000);
        List<Told.Message> copies = List.copyOf(taker.messages());
        for (int i = 1; i < groups.length; i++) {
            taker.acknowledge(groups[i], copies.get(i).at());
        }
        assertThat(queuedBytes(partition)).isBetween((long) BODY, BODY + 1000L);
        taker.acknowledge(groups[0], copies.getFirst().at());
        assertThat(queuedBytes(partition)).isZero();
    }

    @Test
    void whatAGroupHeldStaysWithoutMembersAndGoesWhenItIsDone() {
        Partition partition = new Partition();
        Client sender = partition.connect("sender");
        Client taker = partition.connect("taker");
        taker.joinQueue("g", "q");
        sender.say("m", "g");
        assertThat(queuedBytes(partition)).isPositive();
        taker.leave("g");
        assertThat(queuedBytes(partition)).isPositive();
        partition.emptyQueues();
        assertThat(queuedBytes(partition)).isZero();
        assertThat(partition.steady.shard.groups().count()).isZero();
    }

    @Test
    void thePresenceDataOfASessionIsBounded() {
        Partition partition = new Partition(false);
        Client client = partition.connect("c");
        int full = GroupLimits.PRESENCE_BYTES_PER_SESSION_MAX / GroupLimits.PRESENCE_BYTES_MAX;
        for (int i = 0; i < full; i++) {
            assertThat(join(client, "g" + i, GroupLimits.PRESENCE_BYTES_MAX).isOk())
                    .isTrue();
        }
        assertThat(join(client, "more", 1).error()).isEqualTo(ErrorCode.PRESENCE_FULL);
        assertThat(join(client, "without", 0).isOk()).isTrue();
        assertThat(client.send(new GroupCommand.SetPresence("without", new byte[1]))
                        .error())
                .isEqualTo(ErrorCode.PRESENCE_FULL);
        assertThat(client.send(new GroupCommand.SetPresence("g0", new byte[1])).isOk())
                .isTrue();
        assertThat(client.send(new GroupCommand.SetPresence("without", new byte[1]))
                        .isOk())
                .isTrue();
        client.leave("g1");
        assertThat(join(client, "more", GroupLimits.PRESENCE_BYTES_MAX).isOk()).isTrue();
        client.close();
        assertThat(partition.steady.shard.groups().presenceBytes()).isZero();
    }

    @Test
    void thePresenceDataOfAllIsBoundedAndAFreshSessionStillFindsRoom() {
        Partition partition = new Partition(false);
        for (int session = 0; session < 150; session++) {
            Client client = partition.connect("c" + session);
            int group = 0;
            while (join(client, "g" + group, GroupLimits.PRESENCE_BYTES_MAX).isOk() && group < 300) {
                group++;
            }
            assertThat(group).isPositive();
        }
        assertThat(partition.steady.shard.groups().presenceBytes())
                .isBetween(GroupLimits.PRESENCE_BYTES_OF_ALL_MAX * 9 / 10, GroupLimits.PRESENCE_BYTES_OF_ALL_MAX);
        assertThat(join(partition.connect("fresh"), "g", 200).isOk()).isTrue();
    }

    @Test
    void aPrivateNameThatNobodyCanHaveIsRefused() {
        Client client = new Partition().connect("c");
        assertThat(client.say("m", "#" + "x".repeat(1000)).error()).isEqualTo(ErrorCode.ILLEGAL_GROUP_NAME);
    }

    /** Whatever they do: a machine from a snapshot counts as the one that went all the way, see {@link Partition}. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whatIsHeldIsCountedAlikeAfterASnapshot(long seed) {
        Random random = new Random(seed);
        Partition partition = new Partition();
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            clients.add(partition.connect("c" + i));
        }
        for (int step = 0; step < 600; step++) {
            Client client = clients.get(random.nextInt(clients.size()));
            String group = "g" + random.nextInt(4);
            switch (random.nextInt(9)) {
                case 0 -> join(client, group, random.nextInt(200));
                case 1, 2 -> client.joinQueue(group, "q" + random.nextInt(2));
                case 3 -> client.leave(group);
                case 4 -> client.send(new GroupCommand.SetPresence(group, new byte[random.nextInt(200)]));
                case 5 -> acknowledge(client, group, random);
                case 6 -> {
                    client.close();
                    clients.set(clients.indexOf(client), partition.connect("n" + step));
                }
                default -> client.say("m" + step, group, "g" + random.nextInt(4), client.name);
            }
        }
        clients.forEach(Client::close);
        partition.emptyQueues();
        assertThat(queuedBytes(partition)).isZero();
        assertThat(partition.steady.shard.groups().count()).isZero();
        assertThat(partition.steady.shard.groups().presenceBytes()).isZero();
    }

    private static void acknowledge(Client client, String group, Random random) {
        for (Told.Message message : List.copyOf(client.messages())) {
            if (random.nextInt(3) == 0) {
                if (random.nextBoolean()) {
                    client.acknowledge(group, message.at());
                } else {
                    client.release(group, message.at());
                }
            }
        }
    }
}
