package dev.convene.systemtests.groups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.convene.protocol.At;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.Body;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.protocol.frame.Push;
import dev.convene.testkit.Contract;
import dev.convene.testkit.client.Positions;
import dev.convene.testkit.client.Surface;
import dev.convene.testkit.client.TestSession;
import dev.convene.testkit.client.TestSessions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Readers that stop, floods, and who is not let in: G57, G58, G64. */
@Timeout(120)
class SlowReaderTests extends GroupsContract {
    private static final int BODY_BYTES = 16 * 1024;
    private static final int WINDOW = 50;
    private static final int FLOODS_MAX = 2000;
    private static final int BEFORE = 500;
    /** What the sockets on both sides of a connection may hold. */
    private static final int BUFFERS_BYTES = 8 * 1024 * 1024;

    private static final int PART = 256;
    private static final double SLOWER_MAX = 4;

    /** Others get what is sent as fast as before it stopped, within the noise of a busy machine. */
    @Contract({"G57", "G59"})
    @ParameterizedTest
    @EnumSource(Surface.class)
    void aReaderThatStopsIsCutAndSlowsNobodyDownAndItResumes(Surface surface) {
        String group = unused("slow");
        TestSession sender = connect(Surface.WS_CBOR);
        TestSession reader = connect(Surface.WS_CBOR);
        TestSession slow = sessions.connect(surface, system.gatewayA(), (String) null);
        reader.join(group);
        slow.join(group);
        perSecond(sender, reader, group, BEFORE);
        double before = perSecond(sender, reader, group, BEFORE);
        StoppedReader stopped = new StoppedReader(slow, messages(slow, 2 * BEFORE));
        // Twice what the gateway keeps for a reader, and what the sockets may hold.
        long kept = slow.connected().limits().queuedBytesMax();
        int count = (int) (2 * (kept + BUFFERS_BYTES) / BODY_BYTES);
        double cutBefore = system.slowReadersCut();
        List<Push.Message> ofReader = new ArrayList<>();
        List<Double> parts = new ArrayList<>();
        for (int sent = 0; sent < count; sent += PART) {
            long startNanos = System.nanoTime();
            flood(sender, group, PART);
            ofReader.addAll(messages(reader, PART));
            if ((long) sent * BODY_BYTES >= BUFFERS_BYTES) {
                parts.add(PART * 1e9 / (System.nanoTime() - startNanos));
            }
            stopped.isThere();
            assertThat(system.queuedBytes()).isLessThan(kept + BODY_BYTES * PART);
        }
        // From when all buffers of the one that has stopped are full.
        double during =
                parts.stream().sorted().skip(parts.size() / 2).findFirst().orElseThrow();
        System.out.printf(
                "MEASURED messages per second that others get, before a reader over %s stopped %.0f, afterwards %.0f%n",
                surface, before, during);
        assertThat(during).isGreaterThan(before / SLOWER_MAX);
        await().atMost(TestSession.PATIENCE).until(() -> system.slowReadersCut() == cutBefore + 1);
        stopped.awaitCut();
        await().atMost(TestSession.PATIENCE).until(() -> system.queuedBytes() < kept / 2);
        // What was missed is more than a gateway keeps for one reader; it comes as it is read.
        List<Push.Message> all = stopped.readSinceThen();
        TestSession resumed = closing(stopped.resume(sessions, system.gatewayB()));
        all.addAll(messages(resumed, ofReader.size() - all.size()));
        assertThat(all).isEqualTo(ofReader);
    }

    /** Sends so many messages and reads them. */
    private static double perSecond(TestSession sender, TestSession reader, String group, int count) {
        long startNanos = System.nanoTime();
        flood(sender, group, count);
        messages(reader, count);
        return count * 1e9 / (System.nanoTime() - startNanos);
    }

    @Contract("G59")
    @ParameterizedTest
    @EnumSource(Surface.class)
    void severalTimesWhatMayWaitIsMissedAndComesWholeInOrder(Surface surface) {
        String group = unused("far");
        TestSession sender = connect(Surface.WS_JSON);
        TestSession reader = connect(Surface.WS_JSON);
        TestSession away = sessions.connect(surface, system.gatewayA(), (String) null);
        reader.join(group);
        away.join(group);
        List<At> seen = Positions.newest(
                List.of(Pushes.untilView(away, view -> view.changed().contains(away.privateGroup()))));
        away.abort();
        int count = (int) (3 * away.connected().limits().queuedBytesMax() / BODY_BYTES);
        flood(sender, group, count);
        List<Push.Message> ofReader = messages(reader, count);
        TestSession again = closing(
                switch (surface) {
                    case WS_JSON, WS_CBOR ->
                        sessions.resume(surface, system.gatewayB(), away.connected(), seen)
                                .session();
                    case HTTP -> sessions.resumePolling(system.gatewayB(), away.connected(), seen);
                    case SSE ->
                        sessions.resumeStream(
                                system.gatewayB(),
                                away.connected(),
                                seen.getFirst().toString());
                });
        assertThat(messages(again, count)).isEqualTo(ofReader);
        sender.multicast(ServiceLevel.FIFO, "live", group);
        assertThat(Pushes.text(Pushes.message(again).body())).isEqualTo("live");
    }

    @Contract("G58")
    @Test
    void aFloodDoesNotStopTheReadsOfUnrelatedSessions() {
        TestSession flooder = connect(Surface.WS_JSON);
        TestSession victim = connect(Surface.WS_JSON);
        TestSession friend = connect(Surface.WS_JSON);
        String quiet = unused("quiet");
        victim.join(quiet);
        Pushes.view(victim);
        AtomicBoolean enough = new AtomicBoolean();
        CompletableFuture<Void> flooding = CompletableFuture.runAsync(() -> {
            String group = unused("flood");
            for (int i = 0; i < FLOODS_MAX && !enough.get(); i++) {
                flood(flooder, group, 100);
            }
        });
        for (int i = 0; i < 20; i++) {
            friend.multicast(ServiceLevel.AGREED, "calm" + i, quiet);
            assertThat(Pushes.text(Pushes.message(victim).body())).isEqualTo("calm" + i);
        }
        assertThat(flooding).as("everything came while the flood went on").isNotDone();
        enough.set(true);
        TestSessions.await(flooding);
    }

    @Contract("G64")
    @ParameterizedTest
    @EnumSource(names = {"WS_JSON", "WS_CBOR"})
    void whoDoesNotHoldTheTokenIsRefusedAndNothingIsOrdered(Surface surface) {
        String group = unused("mine");
        TestSession owner = connect(surface);
        owner.join(group);
        Answer.Connected stolen = owner.connected();
        Answer.Connected wrong = new Answer.Connected(
                stolen.session(),
                "A".repeat(stolen.token().length()),
                stolen.privateGroup(),
                stolen.gateway(),
                stolen.at(),
                stolen.limits(),
                stolen.version());
        ConnectTests.refused(
                ErrorCode.WRONG_TOKEN, () -> sessions.resume(surface, system.gatewayB(), wrong, List.of()));
        owner.multicast(ServiceLevel.AGREED, "still mine", group);
        assertThat(Pushes.texts(owner.drain())).containsExactly("still mine");
    }

    /** Sends with a window of unanswered requests. */
    private static void flood(TestSession sender, String group, int count) {
        Deque<CompletableFuture<Answer>> window = new ArrayDeque<>();
        byte[] bytes = new byte[BODY_BYTES];
        for (int i = 0; i < count; i++) {
            bytes[0] = (byte) i;
            bytes[1] = (byte) (i >> 8);
            if (window.size() >= WINDOW) {
                TestSessions.await(window.poll());
            }
            window.add(sender.send(new GroupOperation.Multicast(
                    List.of(group), ServiceLevel.FIFO, 0, Body.ofBytes(bytes.clone()), false, null, 0, null, null)));
        }
        window.forEach(TestSessions::await);
    }

    private static List<Push.Message> messages(TestSession session, int count) {
        List<Push.Message> messages = new ArrayList<>(count);
        while (messages.size() < count) {
            if (session.next() instanceof Push.Message message) {
                messages.add(message);
            }
        }
        return messages;
    }
}
