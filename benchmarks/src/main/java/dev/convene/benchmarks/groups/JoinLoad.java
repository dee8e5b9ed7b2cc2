package dev.convene.benchmarks.groups;

import dev.convene.benchmarks.load.Latencies;
import dev.convene.benchmarks.load.LoadClient;
import dev.convene.benchmarks.load.LoadClients;
import dev.convene.benchmarks.load.PushListener;
import dev.convene.benchmarks.load.Schedule;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Sessions join a group one by one and leave it again; what counts is when another member gets the view of a join. */
final class JoinLoad implements LatencyLoad, PushListener {
    private static final int JOINERS = 25;
    private static final String GROUP = "join";
    private static final String CHANGED = "\"changed\":[\"";
    private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final LoadClient observer;
    private final List<LoadClient> joiners;
    private final Map<String, Long> joining = new ConcurrentHashMap<>();
    private volatile Latencies current = new Latencies(new Schedule(0, 1, 0));

    JoinLoad(Testbed bed) {
        observer = LoadClients.await(bed.clients().connect(bed.gatewayPort(), true));
        LoadClients.await(observer.join(GROUP));
        observer.listen(this);
        joiners = bed.clients().connect(bed.gatewayPort(), JOINERS, false);
    }

    @Override
    public String contender() {
        return "convene";
    }

    @Override
    public int copies() {
        return 1;
    }

    /** Every send of the schedule is a join; the session leaves half a round later. */
    @Override
    public Latencies run(Schedule schedule) {
        Latencies latencies = new Latencies(schedule);
        current = latencies;
        schedule.run((index, due) -> {
            LoadClient joiner = joiners.get(index % JOINERS);
            joining.put(joiner.privateGroup(), due);
            joiner.join(GROUP);
            joiners.get((index + JOINERS / 2) % JOINERS).leave(GROUP);
        });
        long deadline = System.nanoTime() + DRAIN_NANOS;
        while (latencies.received() < schedule.count() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        LoadClients.forEach(joiners, joiner -> joiner.leave(GROUP));
        return latencies;
    }

    @Override
    public void other(byte[] buffer, int begin, int end, long nowNanos) {
        String view = new String(buffer, begin, end - begin, StandardCharsets.UTF_8);
        int changed = view.indexOf(CHANGED);
        if (changed >= 0 && view.contains("\"reason\":\"join\"")) {
            int name = changed + CHANGED.length();
            Long due = joining.remove(view.substring(name, view.indexOf('"', name)));
            if (due != null) {
                current.record(due, nowNanos);
            }
        }
    }

    void close() {
        LoadClients.closeAll(joiners);
        LoadClients.closeAll(List.of(observer));
    }
}
