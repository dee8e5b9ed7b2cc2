package dev.convene.benchmarks.groups;

import dev.convene.benchmarks.load.LoadClient;
import dev.convene.benchmarks.load.LoadClients;
import dev.convene.benchmarks.load.MulticastFrame;
import dev.convene.benchmarks.load.PushListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Sessions that all send to each other as fast as their windows let them. */
final class GroupSaturation {
    private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /**
     * @param perSecond messages a second that the slowest session got
     * @param complete whether every session got every accepted message
     * @param oneOrder whether all got them in one order, at the same positions
     * @param cut sessions that were cut
     * @param refused messages that were refused
     */
    record Result(double perSecond, boolean complete, boolean oneOrder, int cut, long refused) {}

    /** One session: what it sends and what it has got. */
    private final class Peer implements PushListener, LoadClient.AnswerListener {
        private final LoadClient client;
        private final MulticastFrame frame;
        private volatile long received;
        private volatile long order;
        private long number;

        Peer(LoadClient client, String group, int bodyBytes) {
            this.client = client;
            frame = MulticastFrame.to(group, bodyBytes, false);
            client.listen(this);
            client.answers(this);
        }

        void begin() {
            client.execute(() -> {
                for (int i = 0; i < window; i++) {
                    send();
                }
                client.flush();
            });
        }

        private void send() {
            client.multicastLater(frame, System.nanoTime(), number++);
        }

        @Override
        public void answered(LoadClient from) {
            if (running) {
                send();
            }
        }

        @Override
        public void message(byte[] buffer, int at, int atLength, long dueNanos, long nowNanos) {
            long hash = order;
            for (int i = at; i < at + atLength; i++) {
                hash = hash * 31 + buffer[i];
            }
            order = hash * 31 + dueNanos;
            received = received + 1;
        }
    }

    private final int window;
    private final List<Peer> peers = new ArrayList<>();
    private volatile boolean running;

    GroupSaturation(Testbed bed, String group, int sessions, int bodyBytes, int window) {
        this.window = window;
        List<LoadClient> clients = bed.clients().connect(bed.gatewayPort(), sessions, false);
        LoadClients.forEach(clients, client -> client.join(group));
        clients.forEach(client -> peers.add(new Peer(client, group, bodyBytes)));
    }

    Result run(Duration duration) {
        running = true;
        peers.forEach(Peer::begin);
        LockSupport.parkNanos(duration.toNanos() / 4);
        long before = slowest();
        long startNanos = System.nanoTime();
        LockSupport.parkNanos(duration.toNanos());
        double rate = (slowest() - before) * 1e9 / (System.nanoTime() - startNanos);
        running = false;
        boolean complete = drain();
        long orders = peers.stream().mapToLong(peer -> peer.order).distinct().count();
        int cut = (int) peers.stream().filter(peer -> peer.client.end() != null).count();
        return new Result(
                rate,
                complete,
                orders == 1,
                cut,
                peers.stream().mapToLong(peer -> peer.client.refused()).sum());
    }

    private long slowest() {
        return peers.stream().mapToLong(peer -> peer.received).min().orElse(0);
    }

    private boolean drain() {
        long deadline = System.nanoTime() + DRAIN_NANOS;
        while (System.nanoTime() < deadline) {
            // Over all runs: every session has got what was accepted from all.
            boolean answered =
                    peers.stream().allMatch(peer -> peer.client.accepted() + peer.client.refused() >= peer.number);
            long accepted =
                    peers.stream().mapToLong(peer -> peer.client.accepted()).sum();
            if (answered && peers.stream().allMatch(peer -> peer.received == accepted)) {
                return true;
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return false;
    }

    /** What went wrong, the first thing only; empty if nothing did. */
    String trouble() {
        return peers.stream()
                .map(peer -> String.valueOf(peer.client.trouble()))
                .filter(trouble -> !trouble.equals("null"))
                .findFirst()
                .orElse("");
    }

    void close() {
        LoadClients.closeAll(peers.stream().map(peer -> peer.client).toList());
    }
}
