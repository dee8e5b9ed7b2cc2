package dev.convene.gateway.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.At;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.Tenants;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.protocol.frame.HistoryStart;
import dev.convene.protocol.frame.SessionOperation;
import dev.convene.testkit.Contract;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Who may not do a thing is refused alone, and nothing of it is ordered. */
class AccessTests {
    private final World world = new World();
    private final LogGateway gateway = world.gateway("g1");
    private final World.Client ann = world.new Client(gateway, "ann");

    private CompletableFuture<Answer> ask(Access access, GroupOperation operation) {
        SessionOperation.Connect connect = new SessionOperation.Connect(null, true, null);
        Opened<Answer.Connected> bob =
                world.get(gateway.connect(new ConnectRequest(connect, principal(access), ReaderKind.CONNECTION)));
        return gateway.call(bob.session(), operation);
    }

    private static Principal principal(Access access) {
        return new Principal("bob", Tenants.DEFAULT, access);
    }

    private static Access without(Access.Action forbidden) {
        return (action, group) -> action != forbidden || !group.equals("secret");
    }

    private static GroupOperation.Join join(HistoryStart history) {
        return new GroupOperation.Join("secret", null, null, null, history, 0);
    }

    @Contract("G64")
    @Test
    void whatIsNotAllowedIsRefusedToThatSessionOnlyAndNothingIsOrdered() {
        ann.join("secret");
        ann.texts();
        At before = ann.send(ServiceLevel.AGREED, "before", "secret").at();

        assertThat(world.refusal(ask(without(Access.Action.JOIN), join(null)))).isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(world.refusal(ask(without(Access.Action.READ), join(new HistoryStart.Last(1)))))
                .isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(world.refusal(
                        ask(without(Access.Action.SEND), World.message(ServiceLevel.AGREED, "no", "open", "secret"))))
                .isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(world.refusal(
                        ask(without(Access.Action.CONFIGURE), new GroupOperation.Settings("secret", 1L, null))))
                .isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(world.refusal(ask(without(Access.Action.READ), new GroupOperation.History("secret", null, 10))))
                .isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(world.refusal(
                        ask(without(Access.Action.READ), new GroupOperation.Members("secret", null, null, 10))))
                .isEqualTo(ErrorCode.FORBIDDEN);

        Answer.Accepted after = ann.send(ServiceLevel.AGREED, "after", "secret");
        assertThat(ann.texts()).containsExactly("before", "after");
        Answer.HistoryPage page =
                (Answer.HistoryPage) ann.call(new GroupOperation.History("secret", new HistoryStart.From(before), 10));
        assertThat(page.messages()).extracting(World::text).containsExactly("after");
        assertThat(after.duplicate()).isFalse();
    }

    @Contract("G64")
    @Test
    void whoMayDoTheOthersDoesThem() {
        assertThat(world.get(ask(without(Access.Action.SEND), join(null)))).isInstanceOf(Answer.Accepted.class);
        assertThat(world.get(ask(without(Access.Action.JOIN), World.message(ServiceLevel.AGREED, "in", "secret"))))
                .isInstanceOf(Answer.Accepted.class);
    }

    @Contract("G64")
    @Test
    void whoHasNoSessionIsAskedToo() {
        Principal none = principal((action, group) -> false);
        assertThat(world.refusal(gateway.call(none, World.message(ServiceLevel.AGREED, "no", "open"))))
                .isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(world.refusal(gateway.call(none, new GroupOperation.Members("open", null, null, 10))))
                .isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(world.refusal(gateway.call(none, new GroupOperation.History("open", null, 10))))
                .isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(world.refusal(gateway.call(none, new GroupOperation.Settings("open", 1L, null))))
                .isEqualTo(ErrorCode.FORBIDDEN);
    }
}
