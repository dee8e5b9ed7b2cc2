package dev.convene.systemtests.groups;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.ViewReason;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.protocol.frame.Push;
import dev.convene.protocol.frame.SessionOperation;
import dev.convene.testkit.Contract;
import dev.convene.testkit.client.Surface;
import dev.convene.testkit.client.TestSession;
import dev.convene.testkit.client.TestSessions;
import dev.convene.testkit.client.WebSocketSession;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Order: G26 to G36. */
class OrderingTests extends GroupsContract {
    private static final List<ServiceLevel> ORDERED =
            List.of(ServiceLevel.FIFO, ServiceLevel.CAUSAL, ServiceLevel.AGREED, ServiceLevel.SAFE);

    @Contract("G26")
    @ParameterizedTest
    @EnumSource(Surface.class)
    void twoMembersSeeConcurrentMessagesInOneOrderAcrossGroups(Surface surface) {
        String one = unused("one");
        String two = unused("two");
        TestSession a = connect(surface);
        TestSession b = connect(surface, system.gatewayB(), null);
        for (TestSession member : List.of(a, b)) {
            member.join(one);
            member.join(two);
        }
        int each = 30;
        List<CompletableFuture<Answer>> sent = new ArrayList<>();
        for (int i = 0; i < each; i++) {
            sent.add(a.send(TestSession.message(ServiceLevel.AGREED, "a" + i, one)));
            sent.add(b.send(TestSession.message(ServiceLevel.AGREED, "b" + i, two)));
        }
        sent.forEach(TestSessions::await);
        List<String> ofA = Pushes.texts(a.drain());
        List<String> ofB = Pushes.texts(b.drain());
        assertThat(ofA).hasSize(2 * each).isEqualTo(ofB);
    }

    @Contract({"G27", "G30"})
    @ParameterizedTest
    @EnumSource(Surface.class)
    void oneSendersMixedMessagesArriveInSendOrderOverGroups(Surface surface) {
        String one = unused("one");
        String two = unused("two");
        TestSession sender = connect(surface);
        TestSession receiver = connect(surface, system.gatewayB(), null);
        receiver.join(one);
        receiver.join(two);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            sender.multicast(ORDERED.get(i % 4), "m" + i, i % 3 == 0 ? one : two);
            expected.add("m" + i);
        }
        assertThat(Pushes.texts(receiver.drain())).isEqualTo(expected);
    }

    @Contract("G28")
    @ParameterizedTest
    @EnumSource(Surface.class)
    void reliableComesExactlyOnceAndUnreliableAtMostOnce(Surface surface) {
        String group = unused("lossy");
        TestSession sender = connect(surface);
        TestSession receiver = connect(surface);
        receiver.join(group);
        for (int i = 0; i < 20; i++) {
            sender.multicast(ServiceLevel.RELIABLE, "r" + i, group);
            sender.multicast(ServiceLevel.UNRELIABLE, "u" + i, group);
        }
        List<String> texts = new ArrayList<>(Pushes.texts(receiver.drain()));
        for (int i = 20; texts.stream().noneMatch(text -> text.startsWith("u")); i++) {
            assertThat(i).as("none of so many comes though nothing is busy").isLessThan(1000);
            sender.multicast(ServiceLevel.UNRELIABLE, "u" + i, group);
            texts.addAll(Pushes.texts(receiver.drain()));
        }
        assertThat(texts).doesNotHaveDuplicates();
        assertThat(texts.stream().filter(text -> text.startsWith("r")))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 20).mapToObj(i -> "r" + i).toList());
    }

    @Contract("G29")
    @ParameterizedTest
    @EnumSource(Surface.class)
    void nobodyDeliversAnEffectBeforeItsCauseAcrossDomains(Surface surface) {
        String first = unused("causes") + "/g";
        String second = unused("effects") + "/g";
        TestSession p = connect(surface);
        TestSession q = connect(surface, system.gatewayB(), null);
        TestSession r = connect(surface);
        q.join(first);
        r.join(first);
        r.join(second);
        for (int i = 0; i < 20; i++) {
            String cause = "cause" + i;
            p.multicast(ServiceLevel.CAUSAL, cause, first);
            Pushes.until(
                    q,
                    push -> push instanceof Push.Message m
                            && Pushes.text(m.body()).equals(cause));
            q.multicast(ServiceLevel.CAUSAL, "effect" + i, second);
        }
        List<String> seen = Pushes.texts(r, 40);
        for (int i = 0; i < 20; i++) {
            assertThat(seen.indexOf("cause" + i)).isNotNegative().isLessThan(seen.indexOf("effect" + i));
        }
    }

    @Contract({"G31", "G32", "G33"})
    @ParameterizedTest
    @EnumSource(Surface.class)
    void messagesAndViewsShareOneOrder(Surface surface) {
        String group = unused("shared");
        TestSession a = connect(surface);
        TestSession b = connect(surface, system.gatewayB(), null);
        a.join(group);
        b.join(group);
        TestSession p = connect(surface);
        p.join(group);
        Pushes.untilView(p, view -> view.changed().contains(p.privateGroup()));
        p.multicast(ServiceLevel.AGREED, "member", group);
        p.leave(group);
        p.multicast(ServiceLevel.AGREED, "outside", group);
        List<String> ofA = story(a.drain());
        List<String> ofB = story(b.drain());
        assertThat(ofB).isEqualTo(ofA.subList(ofA.size() - ofB.size(), ofA.size()));
        assertThat(ofA).endsWith("view 3", "member", "view 2", "outside");
        assertThat(Pushes.texts(p.drain())).doesNotContain("outside");
    }

    private static List<String> story(List<Push> pushes) {
        return pushes.stream()
                .map(push -> switch (push) {
                    case Push.View view -> "view " + view.size();
                    case Push.Message message -> Pushes.text(message.body());
                    default -> String.valueOf(push);
                })
                .toList();
    }

    @Contract("G34")
    @ParameterizedTest
    @EnumSource(Surface.class)
    void whatWasSentBeforeADisconnectComesBeforeItsView(Surface surface) {
        String group = unused("before");
        TestSession watcher = connect(surface);
        TestSession goer = connect(surface);
        watcher.join(group);
        goer.join(group);
        goer.multicast(ServiceLevel.FIFO, "last words", group);
        goer.close();
        List<Push> seen = new ArrayList<>();
        Pushes.until(watcher, push -> {
            seen.add(push);
            return push instanceof Push.View view && view.size() == 1 && seen.size() > 1;
        });
        assertThat(story(seen)).endsWith("last words", "view 1");
    }

    @Contract("G35")
    @ParameterizedTest
    @EnumSource(Surface.class)
    void concurrentSendsOfOneSessionAreIntactAndOrderedAlikeForAll(Surface surface) {
        String group = unused("concurrent");
        TestSession sender = connect(surface);
        TestSession a = connect(surface);
        TestSession b = connect(surface, system.gatewayB(), null);
        a.join(group);
        b.join(group);
        List<CompletableFuture<Answer>> sent = IntStream.range(0, 50)
                .parallel()
                .mapToObj(i -> sender.send(TestSession.message(ServiceLevel.AGREED, "c" + i, group)))
                .toList();
        sent.forEach(TestSessions::await);
        List<String> ofA = Pushes.texts(a.drain());
        assertThat(ofA).hasSize(50).doesNotHaveDuplicates().isEqualTo(Pushes.texts(b.drain()));
    }

    /** Megabytes wait for it, more than any buffer on the way takes, and less than what it is cut for. */
    @Contract("G35")
    @ParameterizedTest
    @EnumSource(names = {"WS_JSON", "WS_CBOR"})
    void whoDoesNotReadMayGoOnSending(Surface surface) {
        String busy = unused("busy");
        String other = unused("other");
        TestSession sender = connect(Surface.WS_CBOR);
        TestSession witness = connect(surface);
        WebSocketSession silent = (WebSocketSession) connect(surface);
        silent.join(busy);
        witness.join(other);
        Pushes.view(witness);
        Pushes.view(silent);
        silent.stopReading();
        String body = "x".repeat(100_000);
        for (int i = 0; i < 120; i++) {
            sender.multicast(ServiceLevel.AGREED, body, busy);
        }
        for (int i = 0; i < 20; i++) {
            CompletableFuture<Answer> unread = silent.send(TestSession.message(ServiceLevel.AGREED, "sent" + i, other));
            assertThat(Pushes.text(Pushes.message(witness).body())).isEqualTo("sent" + i);
            assertThat(unread).isNotDone();
        }
        silent.goOn();
        for (int i = 0; i < 120; i++) {
            assertThat(Pushes.text(Pushes.message(silent).body())).hasSize(body.length());
        }
    }

    @Contract({"G24", "G33", "G34"})
    @ParameterizedTest
    @EnumSource(names = {"WS_JSON", "WS_CBOR"})
    void whatIsSentAheadHappensInItsOrder(Surface surface) {
        String first = unused("ahead") + "/x";
        String second = unused("ahead") + "/y";
        TestSession witness = connect(surface, system.gatewayB(), null);
        witness.join(second);
        Pushes.view(witness);
        TestSession ahead = connect(surface);
        List<CompletableFuture<Answer>> answers = List.of(
                ahead.send(new GroupOperation.Join(first, null, null, null, null, 0)),
                ahead.send(new GroupOperation.Join(second, null, null, null, null, 0)),
                ahead.send(new GroupOperation.Leave(second, 0)),
                ahead.send(TestSession.message(ServiceLevel.AGREED, "after", second)),
                ahead.send(new SessionOperation.Close()));
        answers.forEach(TestSessions::await);

        assertThat(List.of(Pushes.view(witness).reason(), Pushes.view(witness).reason()))
                .containsExactly(ViewReason.JOIN, ViewReason.LEAVE);
        assertThat(Pushes.text(Pushes.message(witness).body())).isEqualTo("after");
    }

    @Contract("G36")
    @ParameterizedTest
    @EnumSource(Surface.class)
    void httpPublishesOneAfterTheOtherKeepTheirOrder(Surface surface) {
        String group = unused("http");
        TestSession receiver = connect(surface);
        receiver.join(group);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            sessions.publish(
                    i % 2 == 0 ? system.gatewayA() : system.gatewayB(),
                    TestSession.message(ServiceLevel.AGREED, "h" + i, group));
            expected.add("h" + i);
        }
        assertThat(Pushes.texts(receiver.drain())).isEqualTo(expected);
    }
}
