package dev.convene.gateway.adapter.ws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.gateway.core.delivery.Feed;
import dev.convene.gateway.core.session.LocalSession;
import dev.convene.gateway.edge.FakeGateway;
import dev.convene.gateway.edge.LeakDetection;
import dev.convene.protocol.CloseCode;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.ClientOperation;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.protocol.frame.Push;
import dev.convene.protocol.frame.ServerFrame;
import dev.convene.protocol.frame.SessionOperation;
import dev.convene.protocol.value.Encoding;
import dev.convene.testkit.Contract;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sessions, requests and pushes over one connection. */
@ExtendWith(LeakDetection.class)
class ClientConnectionTests {
    private static final GroupOperation.Leave LEAVE = new GroupOperation.Leave("lobby", 0);

    private Socket socket = Socket.json();

    @AfterEach
    void finish() {
        socket.finish();
    }

    @Test
    void connectsAndAnswers() {
        ServerFrame frame = socket.ask(new SessionOperation.Connect("alice", true, null));

        assertThat(frame)
                .isInstanceOfSatisfying(
                        ServerFrame.Ok.class, ok -> assertThat(ok.answer()).isInstanceOf(Answer.Connected.class));
        assertThat(socket.ask(LEAVE)).isEqualTo(new ServerFrame.Ok(2, Answer.Accepted.at(FakeGateway.AT)));
    }

    @Test
    void whatComesBeforeConnectIsRefusedAndTheConnectionStays() {
        assertThat(socket.ask(LEAVE)).isInstanceOfSatisfying(ServerFrame.Failure.class, failure -> {
            assertThat(failure.code()).isEqualTo(ErrorCode.NOT_CONNECTED.number());
            assertThat(failure.id()).isEqualTo(1);
        });
        socket.connected();
    }

    @Test
    void aSecondConnectIsRefused() {
        assertThat(socket.connected().ask(new SessionOperation.Connect(null, true, null)))
                .isInstanceOfSatisfying(
                        ServerFrame.Failure.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.ALREADY_CONNECTED.number()));
    }

    @Test
    void framesThatFollowAConnectWaitForItAndKeepTheirOrder() {
        socket.gateway.opening = new CompletableFuture<>();
        socket.send(new SessionOperation.Connect(null, true, null));
        socket.send(LEAVE);
        socket.send(new SessionOperation.Ping());
        assertThat((Object) socket.raw()).isNull();
        assertThat(socket.channel.config().isAutoRead()).isFalse();

        socket.gateway.opening.complete(null);

        assertThat(socket.readAll(3))
                .extracting(frame -> ((ServerFrame.Ok) frame).id())
                .containsExactly(1L, 2L, 3L);
        assertThat(socket.gateway.asked)
                .extracting(ClientOperation::operation)
                .containsExactly("connect", "leave", "ping");
        assertThat(socket.channel.config().isAutoRead()).isTrue();
    }

    @Test
    void anotherConnectMayFollowOneThatWasRefused() {
        socket.gateway.ready = false;
        assertThat(socket.ask(new SessionOperation.Connect(null, true, null)))
                .isInstanceOfSatisfying(ServerFrame.Failure.class, failure -> {
                    assertThat(failure.code()).isEqualTo(ErrorCode.STARTING.number());
                    assertThat(failure.temporary()).isTrue();
                });
        socket.gateway.ready = true;
        socket.connected();
    }

    @Test
    void answersGoOutAsTheyComplete() {
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        socket.connected().gateway.calls = _ -> {
            answers.add(new CompletableFuture<>());
            return answers.getLast();
        };
        long first = socket.send(LEAVE);
        long second = socket.send(LEAVE);
        answers.get(1).complete(Answer.Accepted.at(null));
        answers.get(0).completeExceptionally(new ConveneException(ErrorCode.OVERLOADED));

        List<ServerFrame> frames = socket.readAll(2);
        assertThat(frames.get(0)).isEqualTo(new ServerFrame.Ok(second, Answer.Accepted.at(null)));
        assertThat(frames.get(1)).isInstanceOfSatisfying(ServerFrame.Failure.class, failure -> {
            assertThat(failure.id()).isEqualTo(first);
            assertThat(failure.name()).isEqualTo("overloaded");
        });
    }

    @Test
    void aFaultOfTheGatewayIsToldAsInternalWithoutDetails() {
        socket.connected().gateway.calls = _ -> {
            throw new IllegalStateException("secret");
        };
        assertThat(socket.ask(LEAVE)).isInstanceOfSatisfying(ServerFrame.Failure.class, failure -> {
            assertThat(failure.code()).isEqualTo(ErrorCode.INTERNAL.number());
            assertThat(failure.message()).doesNotContain("secret");
        });
    }

    @Test
    void moreThanTheOutstandingRequestsAreRefused() {
        socket.connected().gateway.calls = _ -> new CompletableFuture<>();
        for (int i = 0; i < socket.gateway.limits.outstandingMax(); i++) {
            socket.send(LEAVE);
        }
        assertThat(socket.ask(LEAVE))
                .isInstanceOfSatisfying(
                        ServerFrame.Failure.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.TOO_MANY_OUTSTANDING.number()));
    }

    @ParameterizedTest
    @EnumSource(Encoding.class)
    void severalPushesTravelInOneFrame(Encoding encoding) {
        socket.finish();
        socket = new Socket(new FakeGateway(), encoding, WebSocketSettings.DEFAULT).connected();
        Push[] pushes =
                IntStream.range(0, 50).mapToObj(i -> Feed.message(i, "m" + i)).toArray(Push[]::new);

        Feed.offer(socket.gateway.only().queue(), pushes);

        assertThat(socket.readAll(1)).containsExactly(new ServerFrame.Batch(List.of(pushes)));
    }

    @Test
    void onePushIsAFrameOfItsOwn() {
        Feed.offer(socket.connected().gateway.only().queue(), Feed.message(3, "alone"));

        assertThat(socket.readAll(1)).containsExactly(Feed.message(3, "alone"));
    }

    @Test
    void whatTheSocketDoesNotTakeWaitsInTheQueue() {
        LocalSession session = socket.connected().gateway.only();
        writable(false);

        Feed.offer(session.queue(), Feed.message(1, "one"), Feed.message(2, "two"));
        assertThat((Object) socket.raw()).isNull();
        assertThat(session.queue().count()).isEqualTo(2);

        writable(true);
        assertThat(socket.readAll(1))
                .containsExactly(new ServerFrame.Batch(List.of(Feed.message(1, "one"), Feed.message(2, "two"))));
    }

    @Contract("G35")
    @Test
    void whoDoesNotReadMaySendAllTheSame() {
        socket.connected();
        writable(false);
        assertThat(socket.channel.config().isAutoRead()).isTrue();
        int before = socket.gateway.asked.size();

        socket.send(new GroupOperation.Leave("room", 0));
        assertThat(socket.gateway.asked).hasSize(before + 1);
    }

    private void writable(boolean writable) {
        socket.channel.unsafe().outboundBuffer().setUserDefinedWritability(1, writable);
        socket.channel.runPendingTasks();
    }

    @Test
    void aReaderThatTheGatewayGivesUpIsToldWhy() {
        socket.connected().gateway.only().close(CloseCode.SLOW_READER);

        assertThat(socket.closeCode()).isEqualTo(4001);
        socket.advance(2000);
        assertThat(socket.channel.isOpen()).isFalse();
        assertThat(socket.connections.count()).isZero();
    }

    @Test
    void closingEndsTheSessionAfterItsAnswer() {
        socket.connected().send(new SessionOperation.Close());

        assertThat(socket.read()).isEqualTo(new ServerFrame.Ok(2, Answer.Done.DONE));
        assertThat(socket.closeCode()).isEqualTo(1000);
        assertThat(socket.gateway.suspended).isEmpty();
    }

    @Test
    void aLostConnectionSuspendsItsSession() {
        LocalSession session = socket.connected().gateway.only();
        socket.channel.close();
        socket.channel.runPendingTasks();
        assertThat(socket.gateway.suspended).containsExactly(session);
    }

    @Test
    void aConnectionLostWhileConnectingSuspendsTheSessionThatComesOfIt() {
        socket.gateway.opening = new CompletableFuture<>();
        socket.send(new SessionOperation.Connect(null, true, null));
        socket.channel.close();
        socket.gateway.opening.complete(null);
        socket.channel.runPendingTasks();
        assertThat(socket.gateway.suspended).containsExactly(socket.gateway.only());
    }

    @Test
    void aCloseFrameOfTheClientIsAnsweredAndLeavesTheSessionToBeResumed() {
        LocalSession session = socket.connected().gateway.only();
        socket.send(new CloseWebSocketFrame(1000, "bye"));

        assertThat(socket.closeCode()).isEqualTo(1000);
        assertThat(socket.gateway.suspended).containsExactly(session);
        assertThat(socket.channel.isOpen()).isFalse();
    }

    @Test
    void aResumeElsewhereClosesTheOlderConnection() {
        LocalSession session = socket.connected().gateway.only();
        Socket other = new Socket(socket.gateway, Encoding.CBOR, WebSocketSettings.DEFAULT);
        ServerFrame answer = other.ask(
                new SessionOperation.Resume(session.id(), FakeGateway.token(session.id()), List.of(FakeGateway.AT)));
        assertThat(answer).isInstanceOf(ServerFrame.Ok.class);

        assertThat(socket.closeCode()).isEqualTo(4502);
        Feed.offer(socket.gateway.only().queue(), Feed.message(9, "here"));
        assertThat(other.read()).isEqualTo(Feed.message(9, "here"));
        other.finish();
    }

    @Test
    void allConnectionsCloseWhenTheGatewayGoesDown() {
        LocalSession session = socket.connected().gateway.only();
        CompletableFuture<Void> closed = socket.connections.closeAll(CloseCode.SHUTDOWN);

        WebSocketFrame announced = socket.raw();
        announced.release();
        assertThat(socket.closeCode()).isEqualTo(4000);
        assertThat(socket.gateway.suspended).containsExactly(session);
        assertThat(closed).isNotDone();
        socket.send(new CloseWebSocketFrame(4000, ""));
        assertThat(closed).isDone();
    }
}
