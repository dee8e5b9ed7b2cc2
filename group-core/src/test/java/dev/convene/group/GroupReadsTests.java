package dev.convene.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Position;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.protocol.group.GroupCommand;
import dev.convene.protocol.log.Encoder;
import dev.convene.protocol.log.LogEntry;
import dev.convene.protocol.log.Origin;
import dev.convene.protocol.log.SessionEvent;
import dev.convene.runtime.machine.EffectSink;
import dev.convene.runtime.machine.ShardMachine;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GroupReadsTests {
    private static final long GATEWAY = 1;

    private final GroupShard shard = new GroupShard(GroupListener.NONE);
    private final ShardMachine<GroupCommand> machine = new ShardMachine<>(shard, Set.of());
    private final Map<Long, Long> lastNumbers = new HashMap<>();
    private long nextOffset;
    private int events;

    GroupReadsTests() {
        tell(new SessionEvent.GatewayAttached(GATEWAY, "gw"));
        for (long session = 10; session < 20; session++) {
            tell(new SessionEvent.SessionAttached(session, 1, GATEWAY, "#s" + session + "#gw", true));
        }
    }

    private void tell(SessionEvent event) {
        Encoder body = new Encoder();
        event.write(body);
        LogEntry.Forward forward = new LogEntry.Forward(Position.of(events++), true, body.toBytes());
        append(new LogEntry.Forwards("sessions", 0, "epoch", List.of(forward)));
    }

    private void ask(long session, GroupCommand command) {
        long number = lastNumbers.merge(session, 1L, Long::sum);
        Origin origin = new Origin(GATEWAY, session, 1, number, 0, 0, "");
        append(new LogEntry.Commands(List.of(new LogEntry.Command(origin, command.toBytes(), null))));
    }

    private void append(LogEntry entry) {
        machine.apply(nextOffset++, null, entry.toBytes(), EffectSink.NONE);
    }

    private void join(long session, String group, String presence) {
        ask(session, new GroupCommand.Join(group, "", true, presence.getBytes(StandardCharsets.UTF_8)));
    }

    private Answer.MemberPage members(String group, Position view, String after, int limit) {
        return GroupReads.members(shard.groups(), new GroupOperation.Members(group, view, after, limit));
    }

    @Test
    void membersComeInJoinOrderWithTheirPresence() {
        join(12, "g", "{\"mood\":1}");
        join(11, "g", "");

        Answer.MemberPage page = members("g", null, null, 10);

        assertThat(page.members()).extracting(Answer.Member::member).containsExactly("#s12#gw", "#s11#gw");
        assertThat(page.members().getFirst().presence()).hasToString("Body[json {\"mood\":1}]");
        assertThat(page.members().getLast().presence()).isNull();
        assertThat(page.size()).isEqualTo(2);
        assertThat(page.next()).isNull();
    }

    @Test
    void pagesFollowOneAnother() {
        for (long session = 10; session < 20; session++) {
            join(session, "g", "");
        }
        Answer.MemberPage first = members("g", null, null, 7);
        Answer.MemberPage second = members("g", first.view(), first.next(), 7);

        assertThat(first.members()).hasSize(7);
        assertThat(second.members()).extracting(Answer.Member::member).containsExactly("#s17#gw", "#s18#gw", "#s19#gw");
        assertThat(second.next()).isNull();
    }

    @Test
    void aViewThatIsNotTheNewestIsRefused() {
        join(10, "g", "");
        Position old = members("g", null, null, 1).view();
        join(11, "g", "");

        assertThatThrownBy(() -> members("g", old, null, 1))
                .isInstanceOfSatisfying(
                        ConveneException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.VIEW_SUPERSEDED));
    }

    @Test
    void aPageAfterAMemberThatHasLeftIsRefused() {
        join(10, "g", "");
        join(11, "g", "");
        ask(10, new GroupCommand.Leave("g"));

        assertThatThrownBy(() -> members("g", null, "#s10#gw", 1))
                .isInstanceOfSatisfying(
                        ConveneException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.VIEW_SUPERSEDED));
    }

    @Test
    void anUnknownGroupHasNoMembersAndNoView() {
        assertThat(members("nobody", null, null, 1))
                .isEqualTo(new Answer.MemberPage("nobody", null, 0, 0, List.of(), null));
    }

    @Test
    void groupsComeByNameWithPrefixAndDomain() {
        for (String group : List.of("b", "a/2", "a/1", "c", "ab")) {
            join(10, group, "");
        }
        assertThat(groups(null, null, null, 10)).containsExactly("a/1", "a/2", "ab", "b", "c");
        assertThat(groups("a", null, null, 10)).containsExactly("a/1", "a/2", "ab");
        assertThat(groups("a", "default", null, 10)).containsExactly("ab");
        assertThat(groups(null, "a", null, 10)).containsExactly("a/1", "a/2");
        assertThat(groups(null, null, "ab", 1)).containsExactly("b");
    }

    /** The others' groups are not even looked at: a page looks at 10,000 at most. */
    @Test
    void theDefaultDomainIsFoundBehindAnyNumberOfOthers() {
        for (int i = 0; i < 12_000; i++) {
            join(10 + i % 10, "busy/" + i, "");
        }
        join(10, "aaa", "");
        join(10, "busy", "");
        join(10, "zzz", "");

        assertThat(groups(null, "default", null, 10)).containsExactly("aaa", "busy", "zzz");
        assertThat(groups("b", "default", null, 10)).containsExactly("busy");
        assertThat(groups(null, "busy", "busy/9998", 10)).containsExactly("busy/9999");
    }

    private List<String> groups(String prefix, String domain, String after, int limit) {
        return GroupReads.groups(shard.groups(), new GroupOperation.Groups(prefix, domain, after, limit))
                .groups()
                .stream()
                .map(Answer.GroupSummary::group)
                .toList();
    }

    @Test
    void everyGroupIsOnExactlyOnePage() {
        for (int i = 0; i < 25; i++) {
            join(10, "g" + (100 + i), "");
        }
        int seen = 0;
        String after = null;
        do {
            Answer.GroupPage page = GroupReads.groups(shard.groups(), new GroupOperation.Groups(null, null, after, 10));
            seen += page.groups().size();
            after = page.next();
        } while (after != null);

        assertThat(seen).isEqualTo(25);
    }

    @Test
    void pagesOfSeveralPartitionsMakeOneWithoutAGap() {
        Answer.GroupPage left = new Answer.GroupPage(List.of(summary("a"), summary("c"), summary("e")), "e");
        Answer.GroupPage right = new Answer.GroupPage(List.of(summary("b"), summary("d"), summary("f")), null);

        assertThat(GroupReads.merge(List.of(left, right), 10))
                .isEqualTo(new Answer.GroupPage(
                        List.of(summary("a"), summary("b"), summary("c"), summary("d"), summary("e")), "e"));
        assertThat(GroupReads.merge(List.of(left, right), 2))
                .isEqualTo(new Answer.GroupPage(List.of(summary("a"), summary("b")), "b"));
        assertThat(GroupReads.merge(List.of(right), 3)).isEqualTo(right);
    }

    private static Answer.GroupSummary summary(String group) {
        return new Answer.GroupSummary(group, 1, Position.of(1));
    }

    @Test
    void settingsThatWereNotSetAreAbsent() {
        assertThat(GroupReads.settings(shard.groups(), "g", null))
                .isEqualTo(new Answer.SettingsInForce(null, null, null));

        ask(10, new GroupCommand.SetSettings("g", 5000, -1));

        assertThat(GroupReads.settings(shard.groups(), "g", null))
                .isEqualTo(new Answer.SettingsInForce(null, 5000L, null));
    }

    @Test
    void groupsAreThoseOfOneTenant() {
        tell(new SessionEvent.SessionAttached(20, 1, GATEWAY, "acme##s20#gw", true));
        for (String name : List.of("a", "b", "m/a")) {
            join(10, name, "");
            join(20, "acme#" + name, "");
        }
        assertThat(names(new GroupOperation.Groups(null, null, null, 10))).containsExactly("a", "b", "m/a");
        assertThat(names(new GroupOperation.Groups("acme#", null, null, 10)))
                .containsExactly("acme#a", "acme#b", "acme#m/a");
        assertThat(names(new GroupOperation.Groups("acme#", "acme#default", "acme#a", 10)))
                .containsExactly("acme#b");
    }

    private List<String> names(GroupOperation.Groups asked) {
        return GroupReads.groups(shard.groups(), asked).groups().stream()
                .map(Answer.GroupSummary::group)
                .toList();
    }
}
