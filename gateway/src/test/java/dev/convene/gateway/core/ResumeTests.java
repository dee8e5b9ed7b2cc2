package dev.convene.gateway.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.gateway.core.life.CoreSettings;
import dev.convene.gateway.core.session.LocalSession;
import dev.convene.protocol.At;
import dev.convene.protocol.CloseCode;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Limits;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.SessionOperation;
import dev.convene.protocol.session.SessionCommand;
import dev.convene.testkit.Contract;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResumeTests {
    private World world = new World();
    private LogGateway gateway = world.gateway("g1");

    private World.Client client(String name, String... groups) {
        World.Client client = world.new Client(gateway, name);
        for (String group : groups) {
            client.join(group);
        }
        client.texts();
        return client;
    }

    @Test
    void aSessionGetsWhatItMissedFromTheRingThenWhatComes() {
        World.Client ann = client("ann", "room");
        World.Client bob = client("bob", "room");
        ann.texts();
        ann.lose();
        bob.send(ServiceLevel.AGREED, "one", "room");
        World.Client eve = client("eve", "room");
        eve.send(ServiceLevel.AGREED, "two", "room");
        assertThat(ann.resume(gateway)).isTrue();
        bob.send(ServiceLevel.AGREED, "three", "room");

        assertThat(ann.texts()).containsExactly("one", "join room 3", "two", "three");
        assertThat(world.counters.resumesByRing.sum()).isEqualTo(1);
        assertThat(world.gateways.get(gateway).replays).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void aSessionGetsWhatItMissedOnAnotherGateway(long seed) {
        world = new World(seed);
        gateway = world.gateway("g1");
        World.Client ann = client("ann", "room", "team/a");
        World.Client bob = client("bob", "room", "team/a");
        ann.texts();
        ann.lose();
        bob.send(ServiceLevel.AGREED, "one", "room");
        bob.send(ServiceLevel.AGREED, "two", "team/a");
        LogGateway other = world.gateway("g2");
        List<Object> closed = new ArrayList<>();
        ann.session.onClose(closed::add);
        assertThat(ann.resume(other)).isTrue();
        bob.send(ServiceLevel.AGREED, "three", "room");
        bob.send(ServiceLevel.AGREED, "four", "team/a");

        assertThat(ann.texts()).containsExactlyInAnyOrder("one", "two", "three", "four");
        assertThat(world.gateways.get(other).replays).isEqualTo(2);
        assertThat(ann.session.privateGroup()).isEqualTo("#ann#g1");
        assertThat(ann.send(ServiceLevel.AGREED, "five", "room").duplicate()).isFalse();
        assertThat(bob.texts()).contains("five");
    }

    @Test
    void aSessionThatMovesClosesItsConnectionHere() {
        World.Client ann = client("ann", "room");
        List<Object> closed = new ArrayList<>();
        ann.session.onClose(closed::add);
        assertThat(ann.resume(world.gateway("g2"))).isTrue();

        assertThat(closed).containsExactly(CloseCode.STALE);
    }

    @Contract("G60")
    @Test
    void whatIsNoLongerKeptIsSaidAndNothingIsReplayed() {
        World.Client ann = client("ann", "room");
        World.Client bob = client("bob", "room");
        ann.texts();
        ann.lose();
        bob.send(ServiceLevel.AGREED, "one", "room");
        LogGateway other = world.gateway("g2");
        world.gateways.get(other).oldest = world.logs.groups.getFirst().size();
        assertThat(ann.resume(other)).isFalse();
        bob.send(ServiceLevel.AGREED, "two", "room");

        assertThat(ann.texts()).containsExactly("two");
    }

    /** Its record may have had more for the session than what it was given. */
    @Contract("G60")
    @Test
    void aPositionWhoseOwnRecordIsGoneIsNotRecovered() {
        World.Client ann = client("ann", "room");
        World.Client bob = client("bob", "room");
        ann.texts();
        ann.lose();
        LogGateway other = world.gateway("g2");
        world.gateways.get(other).oldest = world.logs.groups.getFirst().size();
        bob.send(ServiceLevel.AGREED, "one", "room");
        assertThat(ann.resume(other)).isFalse();
        bob.send(ServiceLevel.AGREED, "two", "room");

        assertThat(ann.texts()).containsExactly("two");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatASessionNeverSawOfADomainComesFromItsAttachmentOn(boolean elsewhere) {
        World.Client ann = client("ann");
        World.Client bob = client("bob", "team/a");
        ann.join("team/a");
        bob.send(ServiceLevel.AGREED, "one", "team/a");
        ann.lose();
        bob.send(ServiceLevel.AGREED, "two", "team/a");
        assertThat(ann.resume(elsewhere ? world.gateway("g2") : gateway)).isTrue();
        bob.send(ServiceLevel.AGREED, "three", "team/a");

        assertThat(ann.texts()).containsExactly("join team/a 2", "one", "two", "three");
    }

    @Test
    void whatASessionNeverSawOfADomainLiesAfterThePositionThatItIsTold() {
        World.Client ann = client("ann", "team/a");
        World.Client bob = client("bob");
        At seen = ann.at.get("default");
        ann.texts();
        ann.lose();
        bob.send(ServiceLevel.AGREED, "one", "team/a");
        Answer.Resumed resumed = ann.resumed(gateway, List.of(seen));
        assertThat(resumed.recovered()).isTrue();
        ann.lose();

        assertThat(ann.resume(world.gateway("g2"), resumed.at())).isTrue();
        assertThat(ann.texts()).contains("one");
    }

    @Contract("G60")
    @Test
    void aPositionOfAnotherEpochIsNotRecovered() {
        World.Client ann = client("ann", "room");
        ann.lose();
        At at = ann.at.get("default");
        assertThat(ann.resume(gateway, List.of(new At("default", "other", at.position()))))
                .isFalse();
    }

    @Test
    void sessionsThatResumeTogetherShareOnePass() {
        List<World.Client> clients = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            clients.add(client("c" + i, "room"));
        }
        clients.forEach(World.Client::texts);
        World.Client bob = client("bob");
        bob.send(ServiceLevel.AGREED, "one", "room");
        LogGateway other = world.gateway("g2");
        List<java.util.concurrent.CompletableFuture<Opened<dev.convene.protocol.frame.Answer.Resumed>>> resumed =
                new ArrayList<>();
        for (World.Client client : clients) {
            resumed.add(other.resume(new ResumeRequest(
                    new SessionOperation.Resume(client.session.id(), client.token, List.copyOf(client.at.values())),
                    Principal.DEVELOPMENT,
                    ReaderKind.CONNECTION)));
        }
        world.pass(100);
        for (int i = 0; i < clients.size(); i++) {
            clients.get(i).session = world.get(resumed.get(i)).session();
            assertThat(clients.get(i).texts()).containsExactly("one");
        }
        assertThat(world.gateways.get(other).replays).isEqualTo(1);
    }

    @Test
    void aWrongTokenIsRefused() {
        World.Client ann = client("ann");
        assertThat(world.refusal(gateway.resume(new ResumeRequest(
                        new SessionOperation.Resume(ann.session.id(), "no", List.of()),
                        Principal.DEVELOPMENT,
                        ReaderKind.CONNECTION))))
                .isEqualTo(ErrorCode.WRONG_TOKEN);
        assertThat(world.refusal(gateway.session(ann.session.id(), "no", List.of(), Principal.DEVELOPMENT)))
                .isEqualTo(ErrorCode.WRONG_TOKEN);
    }

    @Test
    void singleRequestsConfirmWhatTheyTook() {
        World.Client ann = world.new Client(gateway, "ann", ReaderKind.REQUESTS);
        ann.join("room");
        ann.send(ServiceLevel.AGREED, "one", "room");
        SessionOperation.Receive take = new SessionOperation.Receive(0, 10, List.of());
        Received first = world.get(gateway.receive(ann.session, take));
        assertThat(first.pushes()).hasSize(2);
        At view = World.where(first.pushes().getFirst().push());
        Received again = world.get(gateway.receive(ann.session, new SessionOperation.Receive(0, 10, List.of(view))));
        assertThat(again.pushes()).containsExactly(first.pushes().getLast());
        assertThat(world.get(gateway.receive(ann.session, take)).pushes()).isEmpty();

        var waiting = gateway.receive(ann.session, new SessionOperation.Receive(1000, 10, List.of()));
        ann.send(ServiceLevel.AGREED, "two", "room");
        assertThat(world.get(waiting).pushes()).hasSize(1);
    }

    /** Two that take from one queue would each miss what the other has. */
    @Test
    void whoReadsByRequestsTakesTheSessionOverFromItsConnection() {
        World.Client ann = client("ann", "room");
        List<Object> closed = new ArrayList<>();
        ann.session.onClose(closed::add);
        assertThat(world.get(gateway.session(ann.session.id(), ann.token, List.of(), Principal.DEVELOPMENT)))
                .isSameAs(ann.session);
        assertThat(closed).isEmpty();

        ann.drain();
        At joined = ann.at.get("default");
        ann.send(ServiceLevel.AGREED, "one", "room");
        LocalSession reading =
                world.get(gateway.reading(ann.session.id(), ann.token, List.of(joined), Principal.DEVELOPMENT));
        assertThat(closed).containsExactly(CloseCode.STALE);
        world.pass(50);
        assertThat(world.get(gateway.receive(reading, new SessionOperation.Receive(0, 10, List.of())))
                        .pushes())
                .hasSize(1);
        assertThat(world.get(gateway.reading(ann.session.id(), ann.token, List.of(), Principal.DEVELOPMENT)))
                .isSameAs(reading);
    }

    @Test
    void anIdleSessionOfSingleRequestsIsSuspendedAndTakenUpAgain() {
        World.Client ann = world.new Client(gateway, "ann", ReaderKind.REQUESTS);
        ann.join("room");
        Received view = world.get(gateway.receive(ann.session, new SessionOperation.Receive(0, 10, List.of())));
        At at = World.where(view.pushes().getFirst().push());
        world.pass(40_000);
        assertThat(ann.session.closed()).isNotNull();
        World.Client bob = client("bob");
        bob.send(ServiceLevel.AGREED, "one", "room");

        LocalSession again =
                world.get(gateway.session(ann.session.id(), ann.token, List.of(at), Principal.DEVELOPMENT));
        world.pass(50);
        assertThat(again).isNotSameAs(ann.session);
        assertThat(world.get(gateway.receive(again, new SessionOperation.Receive(0, 10, List.of())))
                        .pushes())
                .hasSize(1);
    }

    @Test
    void aLostLifeClosesItsReadersAndTheyResumeInTheNext() {
        World.Client ann = client("ann", "room");
        List<Object> closed = new ArrayList<>();
        ann.session.onClose(closed::add);
        world.sessions.declareLost(world.heard.get(gateway).incarnation, false);
        world.pass(100);

        assertThat(closed).containsExactly(CloseCode.GATEWAY_LOST);
        assertThat(gateway.isReady()).isTrue();
        assertThat(world.heard.get(gateway).lost).isEqualTo(1);
        assertThat(ann.resume(gateway)).isTrue();
        ann.send(ServiceLevel.AGREED, "back", "room");
        assertThat(ann.texts()).containsExactly("back");
    }

    @Test
    void aSupersededGatewayDoesNotComeBack() {
        world.sessions.declareLost(world.heard.get(gateway).incarnation, true);
        world.pass(5000);

        assertThat(world.heard.get(gateway).superseded).isTrue();
        assertThat(gateway.isReady()).isFalse();
        assertThat(gateway.isSuperseded()).isTrue();
    }

    @Test
    void aSupersededGatewayServesAgainWhenItsNameIsSoonFree() {
        world.sessions.declareLost(world.heard.get(gateway).incarnation, true);
        world.pass(2000);
        world.sessions.freeNames();
        world.pass(10_000);

        assertThat(gateway.isReady()).isTrue();
        assertThat(gateway.isSuperseded()).isFalse();
        assertThat(client("ann", "room").session.closed()).isNull();
    }

    @Test
    void aSupersededGatewayAsksForItsNameForAMinuteOnly() {
        world.sessions.declareLost(world.heard.get(gateway).incarnation, true);
        world.pass(90_000);
        world.sessions.freeNames();
        world.pass(20_000);

        assertThat(gateway.isReady()).isFalse();
    }

    @Test
    void anOrderlyEndTellsReadersToResumeElsewhere() {
        World.Client ann = client("ann", "room");
        List<Object> closed = new ArrayList<>();
        ann.session.onClose(closed::add);
        world.get(gateway.stop());
        world.sessions.declareLost(world.heard.get(gateway).incarnation, false);
        world.pass(5000);

        assertThat(closed).containsExactly(CloseCode.SHUTDOWN);
        assertThat(world.heard.get(gateway).lost).isZero();
        assertThat(gateway.isReady()).isFalse();
        assertThat(ann.resume(world.gateway("g2"))).isTrue();
    }

    @Test
    void aSmallRingSendsResumesToTheLog() {
        CoreSettings settings = CoreSettings.of("g3", "test", Limits.DEFAULT);
        LogGateway small = world.gateway(new CoreSettings(
                "g3",
                "test",
                settings.limits(),
                settings.requestTimeoutMs(),
                settings.attachTimeoutMs(),
                settings.idleMs(),
                500,
                settings.resumeBatchMs(),
                settings.catchUpBytesPerSecond(),
                settings.resumesUnderWay(),
                settings.resumesPerSecondMin()));
        World.Client ann = world.new Client(small, "ann");
        ann.join("room");
        ann.texts();
        ann.lose();
        World.Client bob = client("bob");
        for (int i = 0; i < 10; i++) {
            bob.send(ServiceLevel.AGREED, "m" + i, "room");
        }
        assertThat(ann.resume(small)).isTrue();
        assertThat(ann.texts()).hasSize(10);
        assertThat(world.gateways.get(small).replays).isEqualTo(1);
    }

    @Test
    void aWaitThatIsTakenBackIsNoFault() {
        World.Client ann = world.new Client(gateway, "ann", ReaderKind.REQUESTS);
        CompletableFuture<Received> waiting =
                gateway.receive(ann.session, new SessionOperation.Receive(1000, 10, List.of()));
        waiting.cancel(false);
        world.pass(2000);

        assertThat(world.heard.get(gateway).failures).isEmpty();
        assertThat(ann.session.longPoll().isWaiting()).isFalse();
    }

    @Contract("G62")
    @Test
    void thoseWhoComeBackTogetherAreTakenUpAFewAtATime() {
        List<World.Client> clients =
                IntStream.range(0, 50).mapToObj(i -> client("c" + i, "room")).toList();
        clients.forEach(World.Client::lose);
        world.pass(50);
        List<CompletableFuture<Opened<Answer.Resumed>>> resuming = clients.stream()
                .map(client -> gateway.resume(new ResumeRequest(
                        new SessionOperation.Resume(client.session.id(), client.token, List.copyOf(client.at.values())),
                        Principal.DEVELOPMENT,
                        ReaderKind.CONNECTION)))
                .toList();

        // They are asked for, and none is served as long as nobody reads the group log.
        world.scheduler.advance(1);
        while (world.scheduler.runDue()) {}
        for (Runnable next = world.logs.later.poll(); next != null; next = world.logs.later.poll()) {
            next.run();
        }
        assertThat(world.sessions.heard.stream().filter(SessionCommand.Resume.class::isInstance))
                .hasSizeBetween(8, 10);
        assertThat(resuming)
                .allSatisfy(
                        one -> assertThat(world.get(one).answer().recovered()).isTrue());
    }

    @Test
    void moreThanMayBeOnTheirWayAtOnceAreLostAndComeBack() {
        int count = 3000;
        List<CompletableFuture<Opened<Answer.Connected>>> connecting = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            connecting.add(gateway.connect(new ConnectRequest(
                    new SessionOperation.Connect(null, false, null), Principal.DEVELOPMENT, ReaderKind.CONNECTION)));
        }
        List<Opened<Answer.Connected>> connected =
                connecting.stream().map(world::get).toList();
        connected.forEach(opened -> gateway.suspended(opened.session()));
        world.pass(1000);
        assertThat(world.sessions.heard.stream().filter(SessionCommand.Suspend.class::isInstance))
                .hasSize(count);
        LogGateway other = world.gateway("g2");
        List<CompletableFuture<Opened<Answer.Resumed>>> resuming = new ArrayList<>();
        for (Opened<Answer.Connected> opened : connected) {
            SessionOperation.Resume resume = new SessionOperation.Resume(
                    opened.session().id(),
                    opened.answer().token(),
                    opened.answer().at());
            resuming.add(other.resume(new ResumeRequest(resume, Principal.DEVELOPMENT, ReaderKind.CONNECTION)));
        }
        assertThat(resuming.stream()
                        .map(world::get)
                        .map(opened -> opened.answer().recovered()))
                .hasSize(count)
                .containsOnly(true);
    }
}
