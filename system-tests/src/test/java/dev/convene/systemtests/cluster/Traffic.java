package dev.convene.systemtests.cluster;

import dev.convene.testkit.check.order.GroupGuarantees;
import dev.convene.testkit.check.order.History;
import dev.convene.testkit.check.order.SessionHistory;
import dev.convene.testkit.client.Surface;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Members over every surface that send to the same groups, of two domains, through every gateway, to be judged by all the
 * checkers. Every second one stays in all groups; the others leave them and join again.
 */
final class Traffic implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final long seed;
    private final List<String> groups;
    private final List<RestlessMember> members = new ArrayList<>();

    /** @param name of the groups, used by nobody else */
    Traffic(String name, List<Supplier<URI>> gateways, long seed) {
        this.seed = seed;
        this.groups = List.of(name + "-a", name + "-b", name + "-far/c");
        for (int i = 0; i < gateways.size() * Surface.values().length; i++) {
            members.add(new RestlessMember(i, Surface.values()[i / gateways.size()], gateways, groups, seed));
        }
        // Only now, so that each message has somebody to go to.
        members.forEach(RestlessMember::start);
    }

    List<String> groups() {
        return groups;
    }

    /** Waits until every member has had so many more of its messages acknowledged. */
    void awaitMore(int count) {
        long[] before = members.stream().mapToLong(RestlessMember::acknowledged).toArray();
        ChildProcess.await(count + " messages of every member", PATIENCE, () -> {
            members.forEach(RestlessMember::requireUnharmed);
            for (int i = 0; i < before.length; i++) {
                if (members.get(i).acknowledged() < before[i] + count) {
                    return false;
                }
            }
            return true;
        });
    }

    /** Waits for a process to be ready; meanwhile everybody goes on more slowly. */
    void awaitReady(ChildProcess starting) {
        members.forEach(member -> member.setCalm(true));
        starting.awaitReady();
        members.forEach(member -> member.setCalm(false));
    }

    /** Waits until nobody was acknowledged anything for so long. */
    void awaitSilence(Duration silence) {
        ChildProcess.await(
                "silence of " + silence,
                PATIENCE,
                () -> members.stream().allMatch(member -> member.silence().compareTo(silence) > 0));
    }

    /** Ends it, checks everything that was promised and prints what was measured. */
    List<SessionHistory> judge(String what) {
        members.forEach(RestlessMember::stopSending);
        members.forEach(member -> member.awaitOwnMarks("flush"));
        // What anybody has sent is ordered before these.
        members.forEach(member -> member.awaitOwnMarks("end"));
        List<SessionHistory> histories = members.stream()
                .map(RestlessMember::histories)
                .flatMap(List::stream)
                .toList();
        System.out.println("MEASURED traffic, " + what + ": "
                + members.stream().mapToLong(RestlessMember::acknowledged).sum() + " messages of " + members.size()
                + " members acknowledged, longest time of a member without an acknowledgement "
                + members.stream()
                        .map(RestlessMember::longestSilence)
                        .max(Duration::compareTo)
                        .orElseThrow()
                        .toMillis()
                + " ms, joins and leaves "
                + members.stream().mapToLong(RestlessMember::moves).sum()
                + ", sessions that ended "
                + members.stream().mapToInt(RestlessMember::sessionsEnded).sum());
        try {
            new GroupGuarantees().check(History.of(histories)).requireNone();
        } catch (AssertionError e) {
            throw new AssertionError("with -Dconvene.seed=" + seed + ": " + e.getMessage(), e);
        }
        return histories;
    }

    @Override
    public void close() {
        members.forEach(RestlessMember::close);
    }
}
