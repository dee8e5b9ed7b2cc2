package dev.convene.groupservice.core.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.log.Answer;
import dev.convene.protocol.session.SessionCommand;
import dev.convene.protocol.session.SessionReply;
import dev.convene.runtime.Attachment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random histories of gateways and sessions, compared after every step with the model. A failure names its seed. */
class RandomSessionsTests {
    private static final int STEPS = 1500;
    private static final int QUOTA = 6;
    private static final String[] GATEWAYS = {"g1", "g2", "g3"};
    private static final int NAMES = 5;
    private static final int DOMAINS = 8;
    private static final int[] GRACES = {0, 1000, 5000, 20_000};

    private final SessionsLog log = SessionsLog.ready();
    private final SessionsModel model = new SessionsModel();
    private final List<Gateway> everyLife = new ArrayList<>();
    private final List<Long> everySession = new ArrayList<>();
    private final Map<String, Integer> places = new TreeMap<>();
    private Random random = new Random();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void aKnownSeedFollowsTheModel(long seed) {
        follow(seed);
    }

    @Test
    void aNewSeedFollowsTheModel() {
        follow(System.nanoTime());
    }

    private void follow(long seed) {
        random = new Random(seed);
        int step = 0;
        try {
            places.put("default", log.gateway("places").attach("default").partition());
            for (; step < STEPS; step++) {
                act();
                compare();
                if (step % 97 == 0) {
                    log.restartFromSnapshot();
                }
            }
            log.checkReplay();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed + ", step " + step + ": " + e.getMessage(), e);
        }
    }

    private void act() {
        switch (random.nextInt(20)) {
            case 0 -> register();
            case 1 -> lose();
            case 2, 3, 4, 5 -> connect();
            case 6, 7, 8 -> resume();
            case 9, 10, 11 -> suspend();
            case 12, 13 -> close();
            case 14, 15, 16 -> attach();
            default -> tick();
        }
    }

    private void register() {
        String name = GATEWAYS[random.nextInt(GATEWAYS.length)];
        Gateway gateway = log.gateway(name, random.nextLong());
        model.register(gateway.incarnation(), name);
        everyLife.add(gateway);
    }

    private void lose() {
        if (everyLife.isEmpty()) {
            return;
        }
        Gateway gateway = everyLife.get(random.nextInt(everyLife.size()));
        if (random.nextBoolean()) {
            log.declareLost(gateway);
        } else {
            assertThat(gateway.ask(new SessionCommand.UnregisterGateway(SessionsLog.GRACE_MS)) != null)
                    .isEqualTo(model.gateways.containsKey(gateway.incarnation()));
        }
        model.lose(gateway.incarnation());
    }

    /** Mostly a life that counts, at times one that does not. */
    private Gateway anyLife() {
        List<Gateway> lives = everyLife.stream()
                .filter(life -> model.gateways.containsKey(life.incarnation()))
                .toList();
        List<Gateway> from = lives.isEmpty() || random.nextInt(20) == 0 ? everyLife : lives;
        return from.isEmpty() ? null : from.get(random.nextInt(from.size()));
    }

    private long anySession() {
        if (everySession.isEmpty()) {
            return 0;
        }
        int newest = Math.max(0, everySession.size() - 12);
        return everySession.get(newest + random.nextInt(everySession.size() - newest));
    }

    /** Asks and compares the refusal; true if the shard has done it. */
    private boolean isDone(Gateway gateway, SessionCommand command, ErrorCode expected) {
        Answer answer = gateway.ask(command);
        if (!model.gateways.containsKey(gateway.incarnation())) {
            assertThat(answer).isNull();
            return false;
        }
        assertThat(SessionsLog.errorOf(answer)).isEqualTo(expected);
        return expected == null;
    }

    private void connect() {
        Gateway gateway = anyLife();
        if (gateway == null) {
            return;
        }
        String name = "n" + random.nextInt(NAMES);
        int token = random.nextInt(3);
        int graceMs = GRACES[random.nextInt(GRACES.length)];
        SessionCommand connect = new SessionCommand.Connect(name, Gateway.token(token), true, graceMs, QUOTA);
        if (isDone(gateway, connect, model.mayConnect(gateway.incarnation(), name, QUOTA))) {
            long id = log.lastReply(SessionReply.Connected.class).session();
            model.connect(id, gateway.incarnation(), name, token, graceMs);
            assertThat(everySession).doesNotContain(id);
            everySession.add(id);
        }
    }

    private void resume() {
        Gateway gateway = anyLife();
        long id = anySession();
        SessionsModel.Alive session = model.alive.get(id);
        int token = session == null || random.nextInt(10) == 0 ? random.nextInt(3) : session.token;
        if (gateway != null
                && isDone(gateway, new SessionCommand.Resume(id, Gateway.token(token)), model.mayResume(id, token))) {
            model.resume(id, gateway.incarnation());
            SessionReply.Resumed resumed = log.lastReply(SessionReply.Resumed.class);
            assertThat(resumed.epoch()).isEqualTo(model.alive.get(id).epoch);
            assertThat(resumed.domains().stream().map(SessionReply.Domain::domain))
                    .containsExactlyInAnyOrderElementsOf(model.alive.get(id).domains);
        }
    }

    private int anyEpochOf(long id) {
        SessionsModel.Alive session = model.alive.get(id);
        return session == null ? 1 : session.epoch - (random.nextInt(15) == 0 ? 1 : 0);
    }

    /** Mostly the life that serves the session. */
    private Gateway anyLifeFor(long id) {
        SessionsModel.Alive session = model.alive.get(id);
        return everyLife.stream()
                .filter(life -> session != null && life.incarnation() == session.incarnation)
                .filter(life -> random.nextInt(15) != 0)
                .findFirst()
                .orElse(anyLife());
    }

    private void suspend() {
        long id = anySession();
        int epoch = anyEpochOf(id);
        Gateway gateway = anyLifeFor(id);
        if (gateway != null
                && isDone(
                        gateway,
                        new SessionCommand.Suspend(id, epoch),
                        model.mayAskFor(id, epoch, gateway.incarnation()))) {
            model.suspend(id);
        }
    }

    private void close() {
        long id = anySession();
        int epoch = anyEpochOf(id);
        Gateway gateway = anyLifeFor(id);
        if (gateway != null
                && isDone(
                        gateway,
                        new SessionCommand.Close(id, epoch),
                        model.mayAskFor(id, epoch, gateway.incarnation()))) {
            model.close(id);
        }
    }

    private void attach() {
        long id = anySession();
        int epoch = anyEpochOf(id);
        Gateway gateway = anyLifeFor(id);
        String domain = "d" + random.nextInt(DOMAINS);
        SessionCommand attach = new SessionCommand.Attach(id, epoch, SessionsShard.GROUPS_LOG, domain);
        if (gateway != null && isDone(gateway, attach, model.mayAskFor(id, epoch, gateway.incarnation()))) {
            int partition = log.lastReply(SessionReply.Attached.class).domain().partition();
            assertThat(places.merge(domain, partition, (first, again) -> first)).isEqualTo(partition);
            model.attach(id, domain);
        }
    }

    private void tick() {
        int ms = random.nextInt(2000);
        log.tick(ms);
        model.tick(ms, SessionsLog.GRACE_MS);
    }

    private void compare() {
        assertThat(log.shard().sessionCount()).isEqualTo(model.alive.size());
        assertThat(log.machine().view().failures().failedCount()).isZero();
        for (int number = 0; number < SessionsLog.PARTITIONS; number++) {
            compare(number, log.partition(number));
        }
        assertThat(log.partition(places.get("default")).ended()).containsExactlyInAnyOrderElementsOf(model.ended);
    }

    private void compare(int number, GroupPartition partition) {
        int attached = 0;
        for (SessionsModel.Alive session : model.alive.values()) {
            Attachment there = partition.view().session(session.id);
            boolean isExpected = session.domains.stream().anyMatch(domain -> places.get(domain) == number);
            assertThat(there != null).isEqualTo(isExpected);
            if (there != null) {
                attached++;
                assertThat(there.privateName()).isEqualTo(session.privateName);
                assertThat(there.epoch()).isEqualTo(session.epoch);
                assertThat(there.incarnation()).isEqualTo(session.incarnation);
                assertThat(there.isSuspended()).isEqualTo(session.suspended || session.stranded);
                assertThat(partition.view().isLive(session.incarnation))
                        .isEqualTo(model.gateways.containsKey(session.incarnation));
            }
        }
        assertThat(partition.view().sessionCount()).isEqualTo(attached);
        assertThat(partition.ended()).doesNotHaveDuplicates();
    }
}
