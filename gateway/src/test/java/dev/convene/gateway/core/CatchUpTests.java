package dev.convene.gateway.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.gateway.core.life.CoreSettings;
import dev.convene.gateway.core.session.LocalSession;
import dev.convene.protocol.At;
import dev.convene.protocol.CloseCode;
import dev.convene.protocol.Limits;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.frame.HistoryStart;
import dev.convene.protocol.frame.SessionOperation;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions that missed several times what may wait for a reader get all of it, no faster than they read. */
class CatchUpTests {
    private static final int QUEUED_MAX = 20_000;
    private static final int BODY = 1000;
    private static final long RING = 1 << 20;
    private static final long NO_RING = 500;

    private World world = new World();

    static Stream<Arguments> ways() {
        return IntStream.range(0, 10)
                .boxed()
                .flatMap(seed -> Stream.of(Arguments.of((long) seed, RING), Arguments.of((long) seed, NO_RING)));
    }

    private LogGateway gateway(String name, long ringBytes) {
        Limits all = Limits.DEFAULT;
        Limits limits = FanOutTests.limits(QUEUED_MAX);
        assertThat(limits.messageBytesMax()).isEqualTo(all.messageBytesMax());
        return world.gateway(
                new CoreSettings(name, "test", limits, 2000, 5000, 30_000, ringBytes, 20, 128L << 20, 8, 400));
    }

    private static String text(int i) {
        return i + "-" + "x".repeat(BODY);
    }

    private void send(World.Client from, int first, int count) {
        for (int i = first; i < first + count; i++) {
            from.send(ServiceLevel.AGREED, text(i), "room");
        }
    }

    private static List<Integer> numbers(List<String> texts) {
        return texts.stream()
                .filter(text -> text.endsWith("x"))
                .map(text -> Integer.parseInt(text.substring(text.startsWith("old ") ? 4 : 0, text.indexOf('-'))))
                .toList();
    }

    private static List<Integer> range(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void whatWasMissedComesWholeWhileMoreIsSent(long seed, long ringBytes) {
        world = new World(seed);
        Random random = new Random(seed);
        LogGateway gateway = gateway("g1", ringBytes);
        World.Client slow = world.new Client(gateway, "slow");
        World.Client sender = world.new Client(gateway, "sender");
        slow.join("room");
        slow.texts();
        slow.lose();
        send(sender, 0, 100);
        LogGateway there = random.nextBoolean() ? gateway : gateway("g2", ringBytes);
        assertThat(slow.resume(there)).isTrue();

        List<Integer> got = new ArrayList<>();
        int sent = 100;
        for (int round = 0; round < 400 && (sent < 200 || got.size() < sent); round++) {
            // The reader takes some now and then; meanwhile more comes, more at times than may wait.
            int count = sent < 200 ? random.nextInt(40) : 0;
            send(sender, sent, count);
            sent += count;
            for (int i = random.nextInt(4); i >= 0; i--) {
                world.pass(random.nextInt(30));
                got.addAll(numbers(slow.texts()));
            }
            assertThat(slow.session.queue().bytes()).isLessThanOrEqualTo(QUEUED_MAX);
        }
        assertThat(slow.session.closed()).as("seed %d", seed).isNull();
        assertThat(got).as("seed %d", seed).isEqualTo(range(sent));
        assertThat(gateway.readAheadBytes() + there.readAheadBytes()).isZero();
    }

    @Test
    void noMoreThanAPartOfTheLimitIsReadAhead() {
        LogGateway gateway = gateway("g1", NO_RING);
        World.Client slow = world.new Client(gateway, "slow");
        World.Client sender = world.new Client(gateway, "sender");
        slow.join("room");
        slow.texts();
        slow.lose();
        send(sender, 0, 200);
        assertThat(slow.resume(gateway)).isTrue();
        world.pass(5000);

        assertThat(slow.session.queue().bytes()).isBetween(1L, QUEUED_MAX / 4L);
        assertThat(world.gateways.get(gateway).replays).isLessThan(3);
        assertThat(gateway.readAheadBytes()).isBetween(1L, QUEUED_MAX / 2L);
        slow.lose();
        assertThat(gateway.readAheadBytes()).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {RING, NO_RING})
    void aReaderThatTakesNothingWhileItCatchesUpIsCut(long ringBytes) {
        LogGateway gateway = gateway("g1", ringBytes);
        World.Client slow = world.new Client(gateway, "slow");
        World.Client sender = world.new Client(gateway, "sender");
        slow.join("room");
        slow.texts();
        slow.lose();
        send(sender, 0, 100);
        assertThat(slow.resume(gateway)).isTrue();
        List<Integer> got = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            world.pass(25_000);
            got.addAll(numbers(slow.texts()));
            assertThat(slow.session.closed()).isNull();
        }
        world.pass(32_000);
        assertThat(slow.session.closed()).isEqualTo(CloseCode.SLOW_READER);
        assertThat(world.counters.slowReaders.sum()).isEqualTo(1);

        assertThat(slow.resume(gateway)).isTrue();
        for (int i = 0; i < 200; i++) {
            world.pass(20);
            got.addAll(numbers(slow.texts()));
        }
        assertThat(got).isEqualTo(range(100));
    }

    @Test
    void aReaderThatStopsDoesNotHoldUpOthersThatCatchUp() {
        LogGateway gateway = gateway("g1", NO_RING);
        World.Client stopped = world.new Client(gateway, "stopped");
        World.Client other = world.new Client(gateway, "other");
        World.Client sender = world.new Client(gateway, "sender");
        for (World.Client client : List.of(stopped, other)) {
            client.join("room");
        }
        for (World.Client client : List.of(stopped, other)) {
            client.texts();
            client.lose();
        }
        send(sender, 0, 100);
        assertThat(stopped.resume(gateway)).isTrue();
        assertThat(other.resume(gateway)).isTrue();
        List<Integer> got = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            world.pass(30);
            got.addAll(numbers(other.texts()));
        }
        assertThat(got).isEqualTo(range(100));
        assertThat(stopped.session.closed()).isNull();
    }

    @Test
    void whoeverComesWhileEnoughIsReadForTheOthersSharesALaterPass() {
        LogGateway gateway = world.gateway(
                new CoreSettings("g1", "test", Limits.DEFAULT, 2000, 5000, 30_000, NO_RING, 20, 400_000, 8, 400));
        World.Client sender = world.new Client(gateway, "sender");
        List<World.Client> lost =
                range(20).stream().map(i -> world.new Client(gateway, "c" + i)).toList();
        lost.forEach(client -> client.join("room"));
        lost.forEach(client -> {
            client.texts();
            client.lose();
        });
        send(sender, 0, 100);
        lost.forEach(client -> assertThat(client.resume(gateway)).isTrue());
        world.pass(6000);

        assertThat(world.gateways.get(gateway).replays).isLessThan(7);
        assertThat(lost)
                .allSatisfy(client -> assertThat(numbers(client.texts())).isEqualTo(range(100)));
    }

    @Test
    void singleRequestsTakeSeveralTimesTheLimit() {
        LogGateway gateway = gateway("g1", NO_RING);
        World.Client slow = world.new Client(gateway, "slow", ReaderKind.REQUESTS);
        World.Client sender = world.new Client(gateway, "sender");
        slow.join("room");
        At joined = World.where(world.get(gateway.receive(slow.session, receive(List.of())))
                .pushes()
                .getFirst()
                .push());
        gateway.suspended(slow.session);
        send(sender, 0, 100);
        LocalSession again =
                world.get(gateway.session(slow.session.id(), slow.token, List.of(joined), Principal.DEVELOPMENT));
        List<Integer> got = new ArrayList<>();
        List<At> seen = List.of();
        for (int i = 0; i < 300 && got.size() < 100; i++) {
            var pushes = world.get(gateway.receive(again, receive(seen))).pushes();
            for (var push : pushes) {
                seen = List.of(World.where(push.push()));
                got.add(Integer.parseInt(World.text(push.push()).split("-")[0]));
            }
            world.pass(10);
        }
        assertThat(got).isEqualTo(range(100));
        assertThat(again.closed()).isNull();
    }

    private static SessionOperation.Receive receive(List<At> seen) {
        return new SessionOperation.Receive(0, 3, seen);
    }

    @ParameterizedTest
    @ValueSource(longs = {RING, NO_RING})
    void historyBeforeAJoinComesAsItIsRead(long ringBytes) {
        LogGateway gateway = gateway("g1", ringBytes);
        World.Client sender = world.new Client(gateway, "sender");
        List<String> rooms = List.of("room", "hall", "yard");
        for (String room : rooms) {
            for (int i = 0; i < 4; i++) {
                sender.send(ServiceLevel.AGREED, room + text(i), room);
            }
        }
        World.Client reader = world.new Client(gateway, "reader");
        rooms.forEach(room -> reader.join(room, new HistoryStart.Last(100)));
        // More than may wait for it comes live before it reads the first.
        for (int i = 0; i < 60; i++) {
            sender.send(ServiceLevel.AGREED, "live" + text(i), "yard");
        }
        assertThat(reader.session.queue().bytes()).isLessThanOrEqualTo(QUEUED_MAX / 4);
        List<String> got = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            world.pass(20);
            reader.texts()
                    .forEach(text ->
                            got.add(text.substring(0, text.indexOf("-") < 0 ? text.length() : text.indexOf("-"))));
        }
        for (String room : rooms) {
            assertThat(got)
                    .containsSubsequence("old " + room + "0", "old " + room + "3", "join " + room + " 1")
                    .filteredOn(text -> text.startsWith("old " + room))
                    .hasSize(4);
        }
        assertThat(got.stream().filter(text -> text.startsWith("live")))
                .containsExactlyElementsOf(
                        range(60).stream().map(i -> "live" + i).toList());
        assertThat(got).hasSize(3 * 5 + 60);
        assertThat(reader.session.closed()).isNull();
    }
}
