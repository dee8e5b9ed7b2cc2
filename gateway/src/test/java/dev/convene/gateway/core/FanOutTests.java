package dev.convene.gateway.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Limits;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.Body;
import dev.convene.protocol.frame.FrameCodec;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.protocol.frame.Push;
import dev.convene.testkit.Contract;
import dev.convene.testkit.client.TestLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class FanOutTests {
    private final World world = new World();
    private final LogGateway gateway = world.gateway("g1");

    @Test
    void everyMemberGetsViewsAndMessagesInOneOrder() {
        World.Client ann = world.new Client(gateway, "ann");
        World.Client bob = world.new Client(gateway, "bob");
        ann.join("room");
        bob.join("room");
        ann.send(ServiceLevel.AGREED, "one", "room");
        bob.send(ServiceLevel.AGREED, "two", "room");

        assertThat(ann.texts()).containsExactly("join room 1", "join room 2", "one", "two");
        assertThat(bob.texts()).containsExactly("join room 2", "one", "two");
    }

    @Test
    void aMessageIsEncodedOnceForAllItsReceivers() {
        World.Client ann = world.new Client(gateway, "ann");
        World.Client bob = world.new Client(gateway, "bob");
        ann.join("room");
        bob.join("room");
        ann.send(ServiceLevel.AGREED, "one", "room");
        ann.drain();
        bob.drain();

        FrameCodec json = FrameCodec.json(Limits.DEFAULT);
        FrameCodec cbor = FrameCodec.cbor(Limits.DEFAULT);
        assertThat(ann.raw.getLast()).isSameAs(bob.raw.getLast());
        assertThat(ann.raw.getLast().encoded(json)).isSameAs(bob.raw.getLast().encoded(json));
        assertThat(ann.raw.getLast().encoded(cbor))
                .isNotEqualTo(ann.raw.getLast().encoded(json));
    }

    @Test
    void aMemberOfSeveralTargetsGetsOneCopy() {
        World.Client ann = world.new Client(gateway, "ann");
        ann.join("g1");
        ann.join("g2");
        ann.texts();
        World.Client bob = world.new Client(gateway, "bob");
        bob.send(ServiceLevel.AGREED, "both", "g2", "g1", "g2", ann.session.privateGroup());

        ann.drain();
        assertThat(ann.got).hasSize(1);
        assertThat(((Push.Message) ann.got.getFirst()).groups())
                .containsExactly("g2", "g1", ann.session.privateGroup());
    }

    @Test
    void aSenderThatDiscardsItsOwnGetsNoCopy() {
        World.Client ann = world.new Client(gateway, "ann");
        World.Client bob = world.new Client(gateway, "bob");
        ann.join("g1");
        ann.join("g2");
        bob.join("g1");
        ann.texts();
        bob.texts();
        for (List<String> groups : List.of(List.of("g1"), List.of("g1", "g2"))) {
            ann.call(new GroupOperation.Multicast(
                    groups, ServiceLevel.AGREED, 0, Body.ofText("x"), true, null, 0, null, null));
        }

        assertThat(ann.texts()).isEmpty();
        assertThat(bob.texts()).containsExactly("x", "x");
    }

    @Contract("G57")
    @Test
    void aReaderThatStopsIsCutAndTheOthersGoOn() {
        LogGateway small = world.gateway("small", limits(10_000));
        World.Client slow = world.new Client(small, "slow");
        World.Client quick = world.new Client(small, "quick");
        slow.join("room");
        quick.join("room");
        List<Object> closed = new ArrayList<>();
        slow.session.onClose(closed::add);
        List<String> got = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            quick.send(ServiceLevel.AGREED, "m" + i + "x".repeat(1000), "room");
            got.addAll(quick.texts());
        }

        assertThat(closed).hasToString("[SLOW_READER]");
        assertThat(got.stream().filter(text -> text.startsWith("m"))).hasSize(30);
        assertThat(world.counters.slowReaders.sum()).isEqualTo(1);

        List<String> recovered = new ArrayList<>();
        assertThat(slow.resume(small)).isTrue();
        for (int i = 0; i < 40; i++) {
            world.pass(20);
            recovered.addAll(slow.texts());
        }
        assertThat(recovered).hasSize(32);
        assertThat(recovered.getLast()).startsWith("m29");
        assertThat(slow.session.closed()).isNull();
    }

    @Test
    void unreliableMessagesAreDroppedFirst() {
        LogGateway small = world.gateway("small", limits(10_000));
        World.Client slow = world.new Client(small, "slow");
        slow.join("room");
        World.Client sender = world.new Client(small, "sender");
        for (int i = 0; i < 30; i++) {
            sender.send(ServiceLevel.UNRELIABLE, "u" + "x".repeat(1000), "room");
        }
        for (int i = 0; i < 7; i++) {
            sender.send(ServiceLevel.AGREED, "a" + "x".repeat(1000), "room");
        }

        assertThat(slow.texts().stream().filter(text -> text.startsWith("a"))).hasSize(7);
        assertThat(world.counters.unreliableDropped.sum()).isGreaterThan(20);
    }

    @Test
    void theReaderIsWokenOncePerBatch() {
        World.Client ann = world.new Client(gateway, "ann");
        ann.join("room");
        ann.texts();
        int[] woken = {0};
        ann.session.queue().onReadable(() -> woken[0]++);
        for (int i = 0; i < 10; i++) {
            ann.begin(ServiceLevel.AGREED, "m" + i, "room");
        }
        world.settle();

        assertThat(woken[0]).isEqualTo(1);
        assertThat(ann.texts()).hasSize(10);
    }

    @Test
    void aRequestGetsTheFirstReply() {
        World.Client ann = world.new Client(gateway, "ann");
        World.Client bob = world.new Client(gateway, "bob");
        bob.join("service");
        bob.texts();
        CompletableFuture<Answer> asked = gateway.call(
                ann.session, new GroupOperation.Request(World.message(ServiceLevel.FIFO, "question", "service"), 1000));
        bob.drain();
        Push.Message question = (Push.Message) bob.got.getFirst();
        bob.call(new GroupOperation.Reply(
                question.replyTo(), question.correlation(), Body.ofText("answer"), 0, ServiceLevel.FIFO, null, 0));

        Answer.Replied replied = (Answer.Replied) world.get(asked);
        assertThat(replied.reply().body()).isEqualTo(Body.ofText("answer"));
        assertThat(ann.texts()).isEmpty();
        assertThat(world.refusal(gateway.call(
                        ann.session,
                        new GroupOperation.Request(World.message(ServiceLevel.FIFO, "anyone", "nobody"), 1000))))
                .isEqualTo(ErrorCode.NO_RECEIVER);
    }

    @Test
    void historyComesBeforeTheJoinView() {
        World.Client ann = world.new Client(gateway, "ann");
        ann.join("room");
        ann.send(ServiceLevel.AGREED, "one", "room");
        ann.send(ServiceLevel.AGREED, "two", "room");
        World.Client bob = world.new Client(gateway, "bob");
        bob.join("room", new dev.convene.protocol.frame.HistoryStart.Last(1));
        ann.send(ServiceLevel.AGREED, "three", "room");

        assertThat(bob.texts()).containsExactly("old two", "join room 2", "three");
    }

    static Limits limits(long queuedBytesMax) {
        return TestLimits.with("queuedBytesMax", queuedBytesMax);
    }
}
