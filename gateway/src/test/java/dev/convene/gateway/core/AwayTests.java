package dev.convene.gateway.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.protocol.frame.SessionOperation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** While the logs are away whoever asks is told so in time, and sessions stay. */
class AwayTests {
    private static final long BOUND_MS = 2000;

    private final World world = new World();
    private final LogGateway gateway = world.gateway("g1");
    private final World.Client ann = world.new Client(gateway, "ann");
    private final World.Client bob = world.new Client(gateway, "bob");

    AwayTests() {
        ann.join("room");
        bob.join("room");
        ann.send(ServiceLevel.AGREED, "before", "room");
        ann.texts();
        bob.texts();
        bob.lose();
    }

    private Map<String, Supplier<CompletableFuture<?>>> operations() {
        Map<String, Supplier<CompletableFuture<?>>> all = new LinkedHashMap<>();
        all.put("publish", () -> ann.begin(ServiceLevel.AGREED, "during", "room"));
        all.put("publish to a new domain", () -> ann.begin(ServiceLevel.FIFO, "during", "far/room"));
        all.put("publish behind that", () -> ann.begin(ServiceLevel.AGREED, "behind", "room"));
        all.put("publish without a session", () -> gateway.call(Principal.DEVELOPMENT, message("room")));
        all.put(
                "publish without a session, new domain",
                () -> gateway.call(Principal.DEVELOPMENT, message("away/room")));
        all.put("join", () -> ann.gateway.call(ann.session, join("other")));
        all.put("join in a new domain", () -> ann.gateway.call(ann.session, join("new/room")));
        all.put("leave", () -> ann.gateway.call(ann.session, new GroupOperation.Leave("other", 0)));
        all.put("history", () -> gateway.call(Principal.DEVELOPMENT, new GroupOperation.History("room", null, 10)));
        all.put(
                "change settings",
                () -> gateway.call(Principal.DEVELOPMENT, new GroupOperation.Settings("room", 1000L, null)));
        all.put(
                "settings of a new domain",
                () -> gateway.call(Principal.DEVELOPMENT, new GroupOperation.Settings("unknown/room", null, null)));
        all.put("strong members", () -> gateway.call(Principal.DEVELOPMENT, strongMembers()));
        all.put("strong members of a session", () -> gateway.call(ann.session, strongMembers()));
        all.put(
                "connect",
                () -> gateway.connect(new ConnectRequest(
                        new SessionOperation.Connect("late", true, null),
                        Principal.DEVELOPMENT,
                        ReaderKind.CONNECTION)));
        all.put(
                "resume",
                () -> gateway.resume(new ResumeRequest(
                        new SessionOperation.Resume(bob.session.id(), bob.token, List.copyOf(bob.at.values())),
                        Principal.DEVELOPMENT,
                        ReaderKind.CONNECTION)));
        all.put("take over", () -> gateway.session(bob.session.id(), bob.token, List.of(), Principal.DEVELOPMENT));
        return all;
    }

    private static GroupOperation.Multicast message(String group) {
        return World.message(ServiceLevel.AGREED, "nobody's", group);
    }

    private static GroupOperation.Join join(String group) {
        return new GroupOperation.Join(group, null, null, null, null, 0);
    }

    private static GroupOperation.Members strongMembers() {
        return new GroupOperation.Members("room", null, null, 10, null, true);
    }

    /** Each in a time of its own, so that none is helped by those before. */
    @Test
    void everyOperationIsRefusedWithinTwoSecondsByATemporaryError() {
        for (Map.Entry<String, Supplier<CompletableFuture<?>>> operation :
                operations().entrySet()) {
            world.logs.away = true;
            assertRefusedInTime(Map.of(operation.getKey(), operation.getValue().get()));
            world.logs.away = false;
            world.pass(6000);
        }
        assertThat(ann.session.closed()).isNull();
        assertThat(world.heard.get(gateway).failures).isEmpty();
    }

    @Test
    void allTogetherAreRefusedAndAfterwardsEverythingGoesOn() {
        world.logs.away = true;
        Map<String, CompletableFuture<?>> asked = new LinkedHashMap<>();
        operations().forEach((name, operation) -> asked.put(name, operation.get()));
        assertRefusedInTime(asked);
        world.pass(10_000);

        world.logs.away = false;
        world.pass(6000);
        assertThat(ann.session.closed()).isNull();
        ann.send(ServiceLevel.AGREED, "after", "room");
        List<String> texts = ann.texts();
        assertThat(texts).contains("after").doesNotHaveDuplicates();
        bob.resume(gateway);
        assertThat(bob.texts()).contains("after");
        // Whoever was refused is not there: the name is free.
        assertThat(world.new Client(gateway, "late").session.closed()).isNull();
    }

    private void assertRefusedInTime(Map<String, CompletableFuture<?>> asked) {
        long startMs = world.scheduler.nowMs();
        world.settle();
        while (world.scheduler.nowMs() - startMs < BOUND_MS - 10) {
            world.pass(10);
        }
        asked.forEach((name, answer) -> {
            assertThat(answer).as(name).isDone();
            assertThat(answer.isCompletedExceptionally()).as(name).isTrue();
            assertThat(codeOf(answer).isTemporary())
                    .as(name + ": " + codeOf(answer))
                    .isTrue();
        });
    }

    private static ErrorCode codeOf(CompletableFuture<?> refused) {
        Throwable failure = refused.exceptionNow();
        while (!(failure instanceof ConveneException)) {
            assertThat(failure).isNotNull();
            failure = failure.getCause();
        }
        return ((ConveneException) failure).code();
    }

    @Test
    void whileTheLogsAreThereWhatTakesLongIsWaitedFor() {
        world.gateways.get(gateway).pause(0, true);
        for (int partition = 0; partition < World.PARTITIONS; partition++) {
            world.gateways.get(gateway).pause(partition, true);
        }
        CompletableFuture<Opened<Answer.Connected>> slow = gateway.connect(new ConnectRequest(
                new SessionOperation.Connect("slow", true, null), Principal.DEVELOPMENT, ReaderKind.CONNECTION));
        world.pass(3000);
        assertThat(slow).isNotDone();
        for (int partition = 0; partition < World.PARTITIONS; partition++) {
            world.gateways.get(gateway).pause(partition, false);
        }
        assertThat(world.get(slow).session().closed()).isNull();
    }

    @Test
    void adviceWhenToComeBackIsNotTheSameForAll() {
        world.logs.away = true;
        List<Integer> advice = java.util.stream.IntStream.range(0, 20)
                .mapToObj(i -> gateway.retryAfterMs(ErrorCode.UNAVAILABLE))
                .toList();
        assertThat(advice).allMatch(ms -> ms >= 1000 && ms < 2000);
        assertThat(advice.stream().distinct().count()).isGreaterThan(10);
        assertThat(gateway.advised(new ConveneException(ErrorCode.UNAVAILABLE)).retryAfterMs())
                .isPositive();
        assertThat(gateway.advised(new ConveneException(ErrorCode.NO_TARGET)).retryAfterMs())
                .isZero();
    }

    @Test
    void unreliableMessagesThatTheLogCannotTakeAreCounted() {
        world.logs.always = MemoryLogs.Fault.REFUSED;
        ann.send(ServiceLevel.UNRELIABLE, "dropped", "room");
        assertThat(world.counters.unreliableNotSent.sum()).isEqualTo(1);
        world.logs.always = MemoryLogs.Fault.NONE;
        ann.send(ServiceLevel.UNRELIABLE, "sent", "room");
        assertThat(world.counters.unreliableNotSent.sum()).isEqualTo(1);
        assertThat(ann.texts()).containsExactly("sent");
    }
}
