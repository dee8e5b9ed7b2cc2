package dev.convene.gateway.core;

import dev.convene.gateway.core.delivery.SharedPush;
import dev.convene.gateway.core.life.CoreSettings;
import dev.convene.gateway.core.log.AnswerLog;
import dev.convene.gateway.core.session.LocalSession;
import dev.convene.protocol.At;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Limits;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.frame.Answer;
import dev.convene.protocol.frame.Body;
import dev.convene.protocol.frame.ClientOperation;
import dev.convene.protocol.frame.GroupOperation;
import dev.convene.protocol.frame.HistoryStart;
import dev.convene.protocol.frame.Push;
import dev.convene.protocol.frame.SessionOperation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Gateways over shared logs in memory. */
final class World {
    static final int PARTITIONS = 4;

    final ManualScheduler scheduler = new ManualScheduler();
    final MemoryLogs logs = new MemoryLogs(scheduler, PARTITIONS);
    final MemorySessions sessions = new MemorySessions(logs);
    final Map<LogGateway, MemoryGroupLog> gateways = new LinkedHashMap<>();
    final Map<LogGateway, Heard> heard = new LinkedHashMap<>();
    private final Random random;

    World() {
        this(1);
    }

    /** @param seed decides the order in which partitions move */
    World(long seed) {
        random = new Random(seed);
    }

    /** What a gateway told the world. */
    static final class Heard implements LogGateway.Events {
        long incarnation;
        int lost;
        boolean superseded;
        final List<Integer> halted = new ArrayList<>();
        /** What was logged as a fault of the gateway itself. */
        final List<Throwable> failures = new ArrayList<>();

        @Override
        public void ready(long of) {
            incarnation = of;
        }

        @Override
        public void lost(long of) {
            lost++;
        }

        @Override
        public void superseded() {
            superseded = true;
        }

        @Override
        public void failed(Throwable cause) {
            failures.add(cause);
            throw new IllegalStateException(cause);
        }

        @Override
        public void halted(int partition, long offset, RuntimeException cause) {
            halted.add(partition);
        }
    }

    final GatewayCounters counters = new GatewayCounters();

    LogGateway gateway(String name) {
        return gateway(name, Limits.DEFAULT);
    }

    LogGateway gateway(String name, Limits limits) {
        return gateway(CoreSettings.of(name, "test", limits));
    }

    LogGateway gateway(CoreSettings settings) {
        MemoryGroupLog groups = new MemoryGroupLog(logs, random);
        AnswerLog answers = listener -> {
            sessions.listen(listener);
            return CompletableFuture.completedFuture(null);
        };
        LogGateway.World world = new LogGateway.World(
                logs.appender(),
                groups,
                answers,
                incarnation -> {},
                logs.state(),
                scheduler,
                random::nextBytes,
                random::nextLong);
        Heard events = new Heard();
        LogGateway gateway = new LogGateway(settings, world, counters, events);
        gateways.put(gateway, groups);
        heard.put(gateway, events);
        gateway.start();
        pass(50);
        return gateway;
    }

    /** Lets everything happen that can without time passing. */
    void settle() {
        boolean moved = true;
        while (moved) {
            moved = false;
            while (scheduler.runDue()) {
                moved = true;
            }
            Runnable next;
            while ((next = logs.later.poll()) != null) {
                next.run();
                moved = true;
            }
            for (MemoryGroupLog log : List.copyOf(gateways.values())) {
                moved |= log.move();
            }
        }
    }

    /** Lets time pass in small steps. */
    void pass(long ms) {
        for (long left = ms; left > 0; left -= 10) {
            scheduler.advance(Math.min(10, left));
            settle();
        }
    }

    /** The outcome of something that ends within some seconds. */
    <T> T get(CompletableFuture<T> future) {
        settle();
        for (int i = 0; i < 1000 && !future.isDone(); i++) {
            pass(10);
        }
        try {
            return future.getNow(null);
        } catch (CompletionException e) {
            throw e.getCause() instanceof ConveneException refusal ? refusal : e;
        }
    }

    ErrorCode refusal(CompletableFuture<?> future) {
        try {
            get(future);
        } catch (ConveneException e) {
            return e.code();
        }
        throw new AssertionError("not refused");
    }

    /** A client with its session and what it got. */
    final class Client {
        LogGateway gateway;
        /** The same as its clients see it. */
        Gateway edge;

        LocalSession session;
        private final Principal principal;
        final String token;
        /** Its private group. */
        final String address;

        final List<Push> got = new ArrayList<>();
        final Map<String, At> at = new LinkedHashMap<>();
        final List<SharedPush> raw = new ArrayList<>();

        Client(LogGateway gateway, @Nullable String name) {
            this(gateway, name, ReaderKind.CONNECTION);
        }

        Client(LogGateway gateway, @Nullable String name, ReaderKind reader) {
            this(gateway, name, reader, Principal.DEVELOPMENT);
        }

        Client(LogGateway gateway, @Nullable String name, ReaderKind reader, Principal principal) {
            this.gateway = gateway;
            this.edge = new TenantGateway(gateway);
            this.principal = principal;
            Opened<Answer.Connected> opened = get(edge.connect(
                    new ConnectRequest(new SessionOperation.Connect(name, true, null), principal, reader)));
            session = opened.session();
            address = opened.answer().privateGroup();
            token = opened.answer().token();
            opened.answer().at().forEach(one -> at.put(one.domain(), one));
        }

        Answer call(ClientOperation operation) {
            return get(edge.call(session, operation));
        }

        Answer.Accepted join(String group) {
            return (Answer.Accepted) call(new GroupOperation.Join(group, null, null, null, null, 0));
        }

        Answer.Accepted join(String group, HistoryStart history) {
            return (Answer.Accepted) call(new GroupOperation.Join(group, null, null, null, history, 0));
        }

        Answer.Accepted send(ServiceLevel level, String text, String... groups) {
            return (Answer.Accepted) call(message(level, text, groups));
        }

        CompletableFuture<Answer> begin(ServiceLevel level, String text, String... groups) {
            return edge.call(session, message(level, text, groups));
        }

        void drain() {
            settle();
            List<SharedPush> taken = new ArrayList<>();
            while (session.queue().poll(10, Long.MAX_VALUE, taken) > 0) {}
            raw.addAll(taken);
            for (SharedPush push : taken) {
                got.add(push.push());
                At where = where(push.push());
                at.put(where.domain(), where);
            }
        }

        /** The texts of the messages that came since the last call. */
        List<String> texts() {
            drain();
            List<String> texts = new ArrayList<>();
            for (Push push : got) {
                switch (push) {
                    case Push.Message m ->
                        texts.add((m.history() ? "old " : "")
                                + new String(m.body().bytes()));
                    case Push.View v -> texts.add(v.reason().wireName() + " " + v.group() + " " + v.size());
                    default -> texts.add(push.push());
                }
            }
            got.clear();
            return texts;
        }

        void lose() {
            gateway.suspended(session);
            settle();
        }

        boolean resume(LogGateway on) {
            return resume(on, List.copyOf(at.values()));
        }

        boolean resume(LogGateway on, List<At> positions) {
            return resumed(on, positions).recovered();
        }

        Answer.Resumed resumed(LogGateway on, List<At> positions) {
            Gateway by = new TenantGateway(on);
            Opened<Answer.Resumed> opened = get(by.resume(new ResumeRequest(
                    new SessionOperation.Resume(session.id(), token, positions), principal, ReaderKind.CONNECTION)));
            gateway = on;
            edge = by;
            session = opened.session();
            pass(50);
            return opened.answer();
        }
    }

    static GroupOperation.Multicast message(ServiceLevel level, String text, String... groups) {
        return new GroupOperation.Multicast(List.of(groups), level, 0, Body.ofText(text), false, null, 0, null, null);
    }

    static String text(Push push) {
        return push instanceof Push.Message message ? new String(message.body().bytes()) : "";
    }

    static At where(Push push) {
        return Objects.requireNonNull(push.at());
    }
}
