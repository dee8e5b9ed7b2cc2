package dev.convene.benchmarks.streams;

import dev.convene.protocol.log.LogEntry;
import dev.convene.protocol.log.Origin;
import dev.convene.protocol.log.SourcePosition;
import dev.convene.runtime.host.AnswersListener;
import dev.convene.runtime.host.AnswersReader;
import dev.convene.runtime.host.HostSettings;
import dev.convene.runtime.host.Instance;
import dev.convene.runtime.host.ShardHost;
import dev.convene.runtime.host.effect.Effect;
import dev.convene.runtime.host.log.Clocks;
import dev.convene.runtime.host.log.LogReader;
import dev.convene.runtime.host.log.TopicDefinition;
import dev.convene.runtime.host.log.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;

/** A shard on the host, and an asker with its answers. */
final class HostContender implements Contender {
    private static final String LOG = "bench";
    private static final int START_S = 60;
    private static final long RETRY_MS = 50;

    private final Instance owner;
    private final ShardHost<AddShard.Command> host;
    private final Instance asker;
    private final LogReader reader;
    private final AnswersReader answers;
    private final CompletableFuture<Long> incarnation = new CompletableFuture<>();
    private final AtomicBoolean attached = new AtomicBoolean();
    private volatile LongConsumer answered = number -> {};
    private long life;

    HostContender(String bootstrapServers) {
        owner = instance("owner", List.of(LOG), bootstrapServers);
        host = new ShardHost<>(owner, LOG, () -> new AddShard(LOG), HostSettings.DEFAULT);
        asker = instance("asker", List.of(), bootstrapServers);
        reader = asker.newReader("answers");
        answers = new AnswersReader(asker, reader, new AnswersListener() {
            @Override
            public void answered(SourcePosition source, Effect.Answered answer) {
                if (attached.compareAndSet(false, true)) {
                    return;
                }
                answered.accept(answer.number() - 1);
            }

            @Override
            public void pushed(SourcePosition source, Effect.Pushed push) {
                incarnation.complete(push.incarnation());
            }

            @Override
            public boolean isRegistration(Effect.Pushed push) {
                return true;
            }
        });
    }

    private static Instance instance(String name, List<String> hosted, String bootstrapServers) {
        List<TopicDefinition> definitions = new ArrayList<>(TopicDefinition.all().stream()
                .filter(topic ->
                        List.of(Topics.ANSWERS, Topics.BEATS, Topics.MANIFESTS).contains(topic.name()))
                .toList());
        definitions.add(new TopicDefinition(Topics.ofLog(LOG), 1, Map.of("message.timestamp.type", "LogAppendTime")));
        definitions.add(new TopicDefinition(Topics.ofSnapshots(LOG), 1, Map.of()));
        return Instance.start(
                Instance.Settings.of(name, name, hosted, bootstrapServers).withDefinitions(definitions),
                Clocks.SYSTEM,
                new SimpleMeterRegistry());
    }

    @Override
    public String name() {
        return "host";
    }

    @Override
    public void begin(LongConsumer listener) throws InterruptedException {
        answers.awaitRegistration().orTimeout(START_S, TimeUnit.SECONDS).join();
        append(new LogEntry.Unasked(AddShard.Command.REGISTER.toBytes()));
        life = incarnation.orTimeout(START_S, TimeUnit.SECONDS).join();
        asker.beats().serveAs(life);
        // A command before the attachment leaves no trace; the first one is repeated until it is answered.
        for (long waited = 0; !attached.get(); waited += RETRY_MS) {
            if (waited > TimeUnit.SECONDS.toMillis(START_S)) {
                throw new IllegalStateException("not attached");
            }
            append(command(1, 0));
            Thread.sleep(RETRY_MS);
        }
        answered = listener;
    }

    private LogEntry command(long number, int counter) {
        return new LogEntry.Command(
                new Origin(life, life, 0, number, number, 0, ""), new AddShard.Command(counter).toBytes(), null);
    }

    private void append(LogEntry entry) {
        asker.writer().append(Topics.ofLog(LOG), 0, entry.toBytes());
    }

    @Override
    public void send(long number) {
        append(command(number + 1, (int) (number % COUNTERS)));
    }

    @Override
    public void close() {
        reader.close();
        host.close();
        asker.close();
        owner.close();
    }
}
