package dev.convene.systemtests.groups;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.At;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Position;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.protocol.frame.Push;
import dev.convene.testkit.Contract;
import dev.convene.testkit.client.Surface;
import dev.convene.testkit.client.TestSession;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What was true once is never told in place of what is true now: G55. */
class OldViewTests extends GroupsContract {
    private static final int CHANGES = 10;

    private static GroupOperation.Members members(String group, @Nullable Position view, @Nullable At at) {
        return new GroupOperation.Members(group, view, null, 100, at, false);
    }

    @Contract("G55")
    @ParameterizedTest
    @EnumSource(Surface.class)
    void membersOfASupersededViewAreRefusedByNameAndTheSessionLivesOn(Surface surface) {
        String group = unused("superseded");
        TestSession me = connect(surface);
        TestSession reader = connect(surface, system.gatewayB(), null);
        me.join(group);
        Push.View first = Pushes.view(me);
        Answer.MemberPage page = (Answer.MemberPage) reader.call(members(group, first.view(), first.at()));
        assertThat(page.view()).isEqualTo(first.view());
        At second = connect(surface).join(group).at();
        for (TestSession session : List.of(me, reader)) {
            ConnectTests.refused(ErrorCode.VIEW_SUPERSEDED, () -> session.call(members(group, first.view(), second)));
        }
        At left = me.leave(group).at();
        assertThat(((Answer.MemberPage) reader.call(members(group, null, left))).size())
                .isEqualTo(1);
    }

    /** One who asks now here and now there, each time as of what it was told last, only ever sees the group go on. */
    @Contract("G55")
    @ParameterizedTest
    @EnumSource(Surface.class)
    void whoAsksBothGatewaysInTurnNeverSeesAnOlderViewThanItWasShown(Surface surface) {
        String group = unused("turns");
        List<URI> gateways = List.of(system.gatewayA(), system.gatewayB());
        List<TestSession> readers = List.of(connect(surface), connect(surface, system.gatewayB(), null));
        TestSession member = connect(surface);
        At shown = member.join(group).at();
        for (int i = 0; i < CHANGES; i++) {
            TestSession other = connect(surface, gateways.get(i % 2), null);
            At joined = other.join(group).at();
            assertThat(joined.position()).isGreaterThan(shown.position());
            shown = joined;
            for (TestSession reader : readers) {
                Answer.MemberPage page = (Answer.MemberPage) reader.call(members(group, null, shown));
                assertThat(page.at().position()).isGreaterThanOrEqualTo(shown.position());
                assertThat(page.view()).isNotNull();
                assertThat(page.view().offset()).isEqualTo(joined.position().offset());
                assertThat(page.size()).isEqualTo(2);
                shown = page.at();
            }
            shown = other.leave(group).at();
        }
        List<Push.View> views = Pushes.views(member.drain());
        assertThat(views).hasSize(1 + 2 * CHANGES);
        assertThat(views).extracting(Push.View::view).isSorted().doesNotHaveDuplicates();
    }
}
