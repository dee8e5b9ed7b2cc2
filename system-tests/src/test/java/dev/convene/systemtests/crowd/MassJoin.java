package dev.convene.systemtests.crowd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.At;
import dev.convene.protocol.Position;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.protocol.frame.Push;
import dev.convene.testkit.client.TestSession;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Members that join one group all at once while somebody sends to it. */
public final class MassJoin {
    private static final int MESSAGES = 100;
    /** Of a view: what it takes beside its members and those who have changed. */
    private static final long VIEW_BYTES = 400;

    private static final long NAME_BYTES = 32;

    private MassJoin() {}

    /** Runs it, and says what it took. */
    public static String run(List<URI> gateways, String group, int count) {
        try (Crowd crowd = new Crowd()) {
            List<CrowdMember> members = crowd.connect(count, 50, i -> gateways.get(i % gateways.size()));
            CrowdMember sender = Crowd.await(crowd.open(gateways.getFirst()).thenCompose(CrowdMember::connect));
            long start = System.nanoTime();
            List<CompletableFuture<Answer>> joins = new ArrayList<>();
            List<CompletableFuture<Answer>> sent = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                joins.add(members.get(i).call(new GroupOperation.Join(group, null, null, null, null, 0)));
                if (i % Math.max(1, count / MESSAGES) == 0) {
                    sent.add(sender.call(TestSession.message(ServiceLevel.AGREED, "m" + sent.size(), group)));
                }
            }
            List<At> joined = joins.stream()
                    .map(join -> ((Answer.Accepted) Crowd.await(join)).at())
                    .toList();
            sent.add(sender.call(TestSession.message(ServiceLevel.AGREED, "last", group)));
            List<At> said = sent.stream()
                    .map(one -> ((Answer.Accepted) Crowd.await(one)).at())
                    .toList();
            Crowd.until(
                    "everybody got the last message",
                    Duration.ofMinutes(3),
                    () -> members.stream().allMatch(member -> member.end() != null || hasLast(member)));
            long millis = (System.nanoTime() - start) / 1_000_000;
            check(members, joined, said, count);
            long bytesMax = members.stream().mapToLong(CrowdMember::bytes).max().orElse(0);
            int viewsMax =
                    members.stream().mapToInt(m -> m.views().size()).max().orElse(0);
            assertThat(bytesMax).isLessThan(bytesBound(members, count));
            return "MEASURED mass join of " + count + ": " + millis + " ms, at most " + viewsMax + " views and "
                    + bytesMax + " bytes a member";
        }
    }

    private static boolean hasLast(CrowdMember member) {
        List<Push.Message> messages = member.messages();
        return !messages.isEmpty() && new String(messages.getLast().body().bytes()).equals("last");
    }

    private static void check(List<CrowdMember> members, List<At> joined, List<At> said, int count) {
        Push.View last = members.getFirst().lastView();
        assertThat(last).isNotNull();
        assertThat(last.size()).isEqualTo(count);
        for (int i = 0; i < members.size(); i++) {
            CrowdMember member = members.get(i);
            assertThat(member.end()).as("member %d", i).isNull();
            Push.View view = member.lastView();
            assertThat(view).as("member %d", i).isEqualTo(last);
            Position since = joined.get(i).position();
            assertThat(member.messages())
                    .as("member %d", i)
                    .extracting(Push.Message::at)
                    .containsExactlyElementsOf(said.stream()
                            .filter(at -> at.position().isAfter(since))
                            .toList());
        }
    }

    /** No member gets more than one view for each join, with a list only while the group is small. */
    private static long bytesBound(List<CrowdMember> members, int count) {
        long listed = Math.min(count, members.getFirst().connected().limits().membersListedMax());
        return count * VIEW_BYTES + listed * listed * NAME_BYTES + MESSAGES * 2 * VIEW_BYTES;
    }
}
