package dev.convene.benchmarks.groups;

import dev.convene.benchmarks.load.Latencies;
import dev.convene.benchmarks.load.LoadClient;
import dev.convene.benchmarks.load.LoadClients;
import dev.convene.benchmarks.load.MulticastFrame;
import dev.convene.benchmarks.load.PushListener;
import dev.convene.benchmarks.load.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Messages through groups, each with one sender that is not a member and the same number of receivers; the sends go round
 * the groups.
 */
final class GroupLoad implements LatencyLoad {
    private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private record Lane(LoadClient sender, MulticastFrame frame) {}

    private final String contender;
    private final List<Lane> lanes = new ArrayList<>();
    private final List<LoadClient> everybody = new ArrayList<>();
    private final int copies;
    private volatile Latencies current = new Latencies(new Schedule(0, 1, 0));

    private GroupLoad(String contender, int copies) {
        this.contender = contender;
        this.copies = copies;
    }

    /** One sender outside the group, so many receivers in it. */
    static GroupLoad fanOut(Testbed bed, String contender, String group, int receivers, int bodyBytes) {
        return fanOut(bed.clients(), bed.gatewayPort(), contender, group, receivers, bodyBytes);
    }

    /** The same with these clients at the gateway with this port. */
    static GroupLoad fanOut(LoadClients from, int port, String contender, String group, int receivers, int bodyBytes) {
        GroupLoad load = new GroupLoad(contender, receivers);
        List<LoadClient> clients = from.connect(port, receivers + 1, false);
        LoadClients.forEach(clients.subList(1, clients.size()), client -> client.join(group));
        load.lanes.add(new Lane(clients.getFirst(), MulticastFrame.to(group, bodyBytes, false)));
        load.take(clients);
        return load;
    }

    /** The first {@code groups} of a series of groups with two members: one sends to the other. */
    static GroupLoad couples(String contender, List<LoadClient> members, int groups, String prefix, int bodyBytes) {
        GroupLoad load = new GroupLoad(contender, 1);
        for (int i = 0; i < groups; i++) {
            load.lanes.add(new Lane(members.get(2 * i), MulticastFrame.to(prefix + i, bodyBytes, true)));
        }
        load.everybody.addAll(members);
        return load;
    }

    private void take(List<LoadClient> clients) {
        everybody.addAll(clients);
    }

    private void listen() {
        PushListener listener = new PushListener() {
            @Override
            public void message(byte[] buffer, int at, int atLength, long dueNanos, long nowNanos) {
                current.record(dueNanos, nowNanos);
            }
        };
        everybody.forEach(client -> client.listen(listener));
    }

    @Override
    public String contender() {
        return contender;
    }

    @Override
    public int copies() {
        return copies;
    }

    @Override
    public Latencies run(Schedule schedule) {
        Latencies latencies = new Latencies(schedule);
        current = latencies;
        listen();
        schedule.run((index, due) -> {
            Lane lane = lanes.get(index % lanes.size());
            lane.sender().multicast(lane.frame(), due, index);
        });
        long expected = (long) schedule.count() * copies;
        long deadline = System.nanoTime() + DRAIN_NANOS;
        while (latencies.received() < expected && System.nanoTime() < deadline) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return latencies;
    }

    /** The same on a thread of its own. */
    CompletableFuture<Latencies> start(Schedule schedule) {
        CompletableFuture<Latencies> result = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name(contender).start(() -> result.complete(run(schedule)));
        return result;
    }

    /** What went wrong with the clients, the first thing only; empty if nothing did. */
    String trouble() {
        for (LoadClient client : everybody) {
            String trouble = client.trouble();
            if (trouble != null) {
                return trouble;
            }
        }
        return "";
    }

    /** Ends the sessions. */
    void close() {
        LoadClients.closeAll(everybody);
    }
}
