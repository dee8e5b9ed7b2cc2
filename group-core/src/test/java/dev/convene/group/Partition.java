package dev.convene.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.Position;
import dev.convene.protocol.Tenants;
import dev.convene.protocol.group.GroupCommand;
import dev.convene.protocol.log.Answer;
import dev.convene.protocol.log.Encoder;
import dev.convene.protocol.log.LogEntry;
import dev.convene.protocol.log.SessionEvent;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One partition of the group log with its sessions, in memory. Whatever is appended is encoded to bytes and fed to two
 * replicas, one of which starts anew from a snapshot before each record: both must tell everybody the same and have the
 * same digest, so that every test is a test of snapshots too.
 */
final class Partition {
    /** The gateway life that serves sessions unless a test says otherwise. */
    static final long GATEWAY = 1;

    final Replica steady = new Replica();
    private final boolean restarts;
    private Replica restarted = new Replica();
    private long nextOffset;
    private long nextSession = 1000;
    private long nextEvent;

    Partition() {
        this(true);
    }

    /** @param restarts whether the second replica is used; too slow where there are thousands of members */
    Partition(boolean restarts) {
        this.restarts = restarts;
        tell(new SessionEvent.GatewayAttached(GATEWAY, "gw"));
    }

    long nextOffset() {
        return nextOffset;
    }

    /** Kafka's offsets have gaps. */
    void skipOffsets(int count) {
        nextOffset += count;
    }

    /** Appends a record and returns the answers that it gave. */
    List<Replica.Given> append(LogEntry entry) {
        byte[] payload = entry instanceof LogEntry.Command command ? command.payload() : null;
        return payload == null ? append(null, entry.toBytes()) : append(entry.toBytes(), payload);
    }

    private List<Replica.Given> append(byte @Nullable [] header, byte[] value) {
        if (restarts) {
            restarted = steady.restarted();
        }
        steady.apply(nextOffset, header, value);
        if (restarts) {
            assertThat(steady.members()).isEqualTo(steady.followed);
            restarted.apply(nextOffset, header, value);
            assertThat(restarted.members()).isEqualTo(restarted.followed);
            assertThat(restarted.lastTold).isEqualTo(steady.lastTold);
            assertThat(texts(restarted)).isEqualTo(texts(steady));
            assertThat(restarted.machine.digest()).isEqualTo(steady.machine.digest());
            assertThat(restarted.shard.groups().queued().bytes())
                    .isEqualTo(steady.shard.groups().queued().bytes());
            assertThat(restarted.shard.groups().presenceBytes())
                    .isEqualTo(steady.shard.groups().presenceBytes());
        }
        nextOffset++;
        return List.copyOf(steady.lastAnswers);
    }

    private static List<String> texts(Replica replica) {
        return replica.lastAnswers.stream().map(Replica.Given::text).toList();
    }

    /** What the sessions log has decided, as its owner forwards it. */
    void tell(SessionEvent... events) {
        List<LogEntry.Forward> forwards = Arrays.stream(events)
                .map(event -> {
                    Encoder out = new Encoder();
                    event.write(out);
                    return new LogEntry.Forward(Position.of(nextEvent++), true, out.toBytes());
                })
                .toList();
        append(new LogEntry.Forwards("convene.sessions", 0, "e", forwards));
    }

    /** Another gateway life. */
    void attachGateway(long incarnation) {
        tell(new SessionEvent.GatewayAttached(incarnation, "gw" + incarnation));
    }

    Client connect(String name) {
        return connect(name, GATEWAY, true);
    }

    Client connect(String name, long incarnation, boolean membership) {
        return connect(Tenants.DEFAULT, name, incarnation, membership);
    }

    Client connectOf(String tenant, String name) {
        return connect(tenant, name, GATEWAY, true);
    }

    private Client connect(String tenant, String name, long incarnation, boolean membership) {
        String address = Tenants.qualify(tenant, "#" + name + "#gw");
        Client client = new Client(this, nextSession++, address, incarnation);
        tell(new SessionEvent.SessionAttached(client.id, client.epoch, incarnation, client.name, membership));
        return client;
    }

    /** A message of a client without a session, sent by a gateway life in its own name. */
    Answer sendAsGateway(long incarnation, long number, GroupCommand command) {
        return append(Client.entry(incarnation, incarnation, 0, number, 0, "", command))
                .getLast()
                .answer();
    }

    /** Commands in one record, as a gateway packs them. */
    List<Replica.Given> pack(LogEntry.Command... commands) {
        return append(new LogEntry.Commands(List.of(commands)));
    }

    /** Clients come and acknowledge whatever waits in queues that nobody is in. */
    void emptyQueues() {
        for (Group group : List.copyOf(steady.shard.groups().all())) {
            for (QueueGroup queue : List.copyOf(group.queues())) {
                Client taker = connect("taker-of-" + group.name().replace('/', '-') + "-" + queue.name());
                taker.joinQueue(group.name(), queue.name());
                for (int done = 0; done < taker.messages().size(); done++) {
                    // One that was done may bring the next.
                    taker.acknowledge(group.name(), taker.messages().get(done).at());
                }
                taker.close();
            }
        }
    }

    List<String> members(String group) {
        Group found = steady.shard.groups().find(group);
        return found == null
                ? List.of()
                : found.members().stream().map(Member::name).toList();
    }
}
