package dev.convene.systemtests.crowd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.ViewReason;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.protocol.frame.Push;
import dev.convene.testkit.client.TestSession;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Sessions that all lose their connections at the same time, miss messages and views, and come back together elsewhere. */
public final class ReconnectStorm {
    private static final int GROUP_SIZE = 100;
    /** What each of them misses is five pushes; more than this of it would not be bounded. */
    private static final long MISSED_BYTES_MAX = 20_000;

    private ReconnectStorm() {}

    /** Runs it, and says what it took. */
    public static String run(URI from, URI to, String prefix, int count) {
        try (Crowd crowd = new Crowd()) {
            int groups = count / GROUP_SIZE;
            List<CrowdMember> members = crowd.connect(count, 50, i -> from);
            Crowd.forEach(
                    IntStream.range(0, count).boxed().toList(),
                    200,
                    i -> members.get(i).call(join(prefix + i % groups)));
            Crowd.until(
                    "everybody is in a whole group",
                    Duration.ofMinutes(3),
                    () -> members.stream().allMatch(member -> sizeOf(member.lastView()) == GROUP_SIZE));
            CrowdMember watcher = Crowd.await(crowd.open(to).thenCompose(CrowdMember::connect));
            members.forEach(CrowdMember::abort);
            Crowd.until(
                    "everybody is gone",
                    Duration.ofMinutes(1),
                    () -> members.stream().allMatch(member -> member.end() != null));
            for (int i = 0; i < groups; i++) {
                String group = prefix + i;
                watcher.call(TestSession.message(ServiceLevel.AGREED, "before", group));
                watcher.call(join(group));
                watcher.call(TestSession.message(ServiceLevel.AGREED, "between", group));
                watcher.call(new GroupOperation.Leave(group, 0));
                Crowd.await(watcher.call(TestSession.message(ServiceLevel.AGREED, "after", group)));
            }

            long start = System.nanoTime();
            List<CrowdMember> back = Crowd.forEach(
                    members,
                    count,
                    member -> crowd.open(to)
                            .thenCompose(next -> next.resume(member).thenApply(answer -> {
                                assertThat(answer.recovered()).isTrue();
                                return next;
                            })));
            long resumedMs = (System.nanoTime() - start) / 1_000_000;
            for (int i = 0; i < groups; i++) {
                Crowd.await(watcher.call(TestSession.message(ServiceLevel.AGREED, "live", prefix + i)));
            }
            Crowd.until(
                    "everybody is live",
                    Duration.ofMinutes(3),
                    () -> back.stream()
                            .allMatch(member ->
                                    member.end() != null || member.messages().size() >= 4));
            long liveMs = (System.nanoTime() - start) / 1_000_000;
            check(members, back);
            checkNobodyLeft(watcher, prefix, groups);
            long bytes = back.stream().mapToLong(CrowdMember::bytes).max().orElse(0);
            assertThat(bytes).isLessThan(MISSED_BYTES_MAX);
            return "MEASURED reconnect of " + count + ": all resumed after " + resumedMs + " ms, live after " + liveMs
                    + " ms, at most " + bytes + " bytes a session";
        }
    }

    private static GroupOperation.Join join(String group) {
        return new GroupOperation.Join(group, null, null, null, null, 0);
    }

    private static int sizeOf(Push.View view) {
        return view == null ? 0 : view.size();
    }

    private static void check(List<CrowdMember> before, List<CrowdMember> back) {
        for (int i = 0; i < back.size(); i++) {
            CrowdMember member = back.get(i);
            assertThat(member.end()).as("session %d", i).isNull();
            assertThat(member.messages())
                    .as("session %d", i)
                    .extracting(message -> new String(message.body().bytes()))
                    .containsExactly("before", "between", "after", "live");
            List<Push.View> views = member.views();
            assertThat(views)
                    .as("session %d", i)
                    .extracting(Push.View::reason)
                    .containsExactly(ViewReason.JOIN, ViewReason.LEAVE);
            Push.View last = views.getLast();
            Push.View earlier = before.get(i).lastView();
            assertThat(last.members()).as("session %d", i).isEqualTo(earlier == null ? null : earlier.members());
            assertThat(last.digest()).as("session %d", i).isEqualTo(earlier == null ? 0 : earlier.digest());
        }
    }

    /** The groups are as they were: nobody was taken for lost. */
    private static void checkNobodyLeft(CrowdMember watcher, String prefix, int groups) {
        List<Integer> sizes = new ArrayList<>();
        for (int i = 0; i < groups; i++) {
            Answer.MemberPage page = (Answer.MemberPage)
                    Crowd.await(watcher.call(new GroupOperation.Members(prefix + i, null, null, 1, null, true)));
            sizes.add(page.size());
        }
        assertThat(sizes).containsOnly(GROUP_SIZE);
    }
}
