package dev.convene.systemtests.host;

import dev.convene.protocol.log.Answer;
import dev.convene.protocol.log.Decoder;
import dev.convene.protocol.log.LogEntry;
import dev.convene.protocol.log.Origin;
import dev.convene.protocol.log.SourcePosition;
import dev.convene.runtime.host.AnswersListener;
import dev.convene.runtime.host.AnswersReader;
import dev.convene.runtime.host.Instance;
import dev.convene.runtime.host.effect.Effect;
import dev.convene.runtime.host.log.LogReader;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** A gateway life that asks for itself: numbers its requests and gets each answer once, or the test fails. */
final class TestGateway implements AnswersListener, AutoCloseable {
    private record Key(int partition, long number) {}

    private final CounterLog log;
    private final Instance instance;
    private final LogReader reader;
    private final AnswersReader answers;
    private final CompletableFuture<Long> incarnation = new CompletableFuture<>();
    private final Map<Key, CompletableFuture<Answer>> open = new ConcurrentHashMap<>();
    private final Map<Integer, AtomicLong> numbers = new ConcurrentHashMap<>();
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private final AtomicBoolean failsNext = new AtomicBoolean();
    private final AtomicLong lost = new AtomicLong();
    private final long nonce = System.nanoTime();

    TestGateway(CounterLog log, Instance instance) {
        this.log = log;
        this.instance = instance;
        this.reader = instance.newReader("answers");
        this.answers = new AnswersReader(instance, reader, this);
    }

    void register() {
        within(answers.awaitRegistration());
        append(0, new LogEntry.Unasked(new CounterShard.Command.Register(nonce, HostedLog.PARTITIONS).toBytes()));
        instance.beats().serveAs(within(incarnation));
        for (int partition = 0; partition < HostedLog.PARTITIONS; partition++) {
            awaitAttached(partition);
        }
    }

    /** Attached as soon as a request is answered; one that is passed over leaves no trace, so the number stays. */
    private void awaitAttached(int partition) {
        Key key = new Key(partition, next(partition));
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        open.put(key, answer);
        long deadline = System.nanoTime() + HostedLog.PATIENCE.toNanos();
        while (!answer.isDone()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not attached to " + partition);
            }
            append(partition, command(key.number, new CounterShard.Command.Add("attached", 1)));
            answer.copy()
                    .completeOnTimeout(Answer.ok(dev.convene.protocol.Position.START), 100, TimeUnit.MILLISECONDS)
                    .join();
        }
    }

    /** Throws after it has taken the next answer. */
    void failNext() {
        failsNext.set(true);
    }

    /** How often it was told that answers are lost. */
    long lostCount() {
        return lost.get();
    }

    Map<String, Long> handlerFailures() {
        return instance.handlerFailures().recent();
    }

    @Override
    public void lost() {
        lost.incrementAndGet();
    }

    @Override
    public void batchEnded() {
        if (failsNext.getAndSet(false)) {
            throw new IllegalStateException("a listener that fails");
        }
    }

    private long next(int partition) {
        return numbers.computeIfAbsent(partition, p -> new AtomicLong()).incrementAndGet();
    }

    /** Appends a request. */
    synchronized CompletableFuture<Answer> ask(int partition, CounterShard.Command command) {
        Key key = new Key(partition, next(partition));
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        open.put(key, answer);
        appendUntilItStands(partition, command(key.number, command));
        return answer;
    }

    /** The same number again as long as nobody knows that it stands in the log. */
    private void appendUntilItStands(int partition, LogEntry entry) {
        append(partition, entry).exceptionally(failure -> {
            CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS)
                    .execute(() -> appendUntilItStands(partition, entry));
            return 0L;
        });
    }

    long add(int partition, String counter, long amount) {
        return new Decoder(within(ask(partition, new CounterShard.Command.Add(counter, amount)))
                        .body())
                .zigzag();
    }

    private LogEntry command(long number, CounterShard.Command command) {
        long life = incarnation.join();
        Origin origin = new Origin(life, life, 0, number, number, 0, "");
        return new LogEntry.Command(origin, command.toBytes(), null);
    }

    CompletableFuture<Long> append(int partition, LogEntry entry) {
        return instance.writer().append(log.topic(), partition, entry.toBytes());
    }

    Instance instance() {
        return instance;
    }

    List<String> faults() {
        return faults;
    }

    static <T> T within(CompletableFuture<T> future) {
        return future.orTimeout(HostedLog.PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    @Override
    public void answered(SourcePosition source, Effect.Answered answer) {
        CompletableFuture<Answer> waiting = open.remove(new Key(source.partition(), answer.number()));
        if (waiting == null) {
            // While it registers it repeats a request, and gets the kept answer again.
            if (!answer.answer().duplicate()) {
                faults.add("answered twice: " + source + " " + answer);
            }
        } else {
            waiting.complete(answer.answer());
        }
    }

    @Override
    public void pushed(SourcePosition source, Effect.Pushed push) {
        if (!incarnation.complete(push.incarnation())) {
            faults.add("registered twice: " + source);
        }
    }

    @Override
    public boolean isRegistration(Effect.Pushed push) {
        return new Decoder(push.body()).fixed64() == nonce;
    }

    @Override
    public void close() {
        reader.close();
        instance.close();
    }
}
