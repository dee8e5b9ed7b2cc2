package dev.convene.gateway.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.At;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.frame.Push;
import dev.convene.testkit.sim.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Sessions that are lost and resumed at random, here and there, get exactly what one that is never lost gets. */
class RandomResumeTests {
    private static final int SEEDS = 20;
    private static final Duration BUDGET = Duration.ofMinutes(1);
    private static final int STEPS = 60;
    private static final List<String> GROUPS = List.of("room", "a/x", "b/x", "hall");

    @Test
    void nothingIsLostDoubledOrReordered() {
        Seeds.each(SEEDS, BUDGET, RandomResumeTests::run);
    }

    private static void run(long seed) {
        World world = new World(seed);
        Random random = new Random(seed);
        List<LogGateway> gateways = List.of(world.gateway("g1"), world.gateway("g2"));
        List<World.Client> clients = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            World.Client client = world.new Client(gateways.get(i % 2), "c" + i);
            clients.add(client);
            GROUPS.forEach(client::join);
        }
        clients.forEach(World.Client::texts);
        World.Client control = clients.getFirst();
        List<List<Push>> got = new ArrayList<>();
        clients.forEach(client -> got.add(new ArrayList<>()));
        boolean[] lost = new boolean[clients.size()];

        for (int step = 0; step < STEPS; step++) {
            int who = random.nextInt(clients.size());
            World.Client client = clients.get(who);
            switch (random.nextInt(5)) {
                case 0 -> {
                    if (who > 0 && !lost[who]) {
                        take(client, got.get(who));
                        client.lose();
                        lost[who] = true;
                    }
                }
                case 1 -> {
                    if (lost[who]) {
                        assertThat(client.resume(gateways.get(random.nextInt(2))))
                                .isTrue();
                        lost[who] = false;
                    }
                }
                case 2 -> world.pass(random.nextInt(30));
                default -> {
                    if (!lost[who]) {
                        String group = GROUPS.get(random.nextInt(GROUPS.size()));
                        client.begin(ServiceLevel.CAUSAL, seed + "-" + step, group);
                    }
                }
            }
            if (random.nextInt(4) == 0 && !lost[who]) {
                take(client, got.get(who));
            }
        }
        for (int i = 0; i < clients.size(); i++) {
            if (lost[i]) {
                assertThat(clients.get(i).resume(gateways.get(random.nextInt(2))))
                        .isTrue();
            }
        }
        world.pass(5000);
        IntStream.range(0, clients.size()).forEach(i -> take(clients.get(i), got.get(i)));
        assertThat(got.getFirst()).isNotEmpty();
        for (int i = 1; i < clients.size(); i++) {
            for (String domain : List.of("default", "a", "b")) {
                assertThat(of(domain, got.get(i)))
                        .as("client %d, domain %s, seed %d", i, domain, seed)
                        .isEqualTo(of(domain, got.getFirst()));
            }
        }
        assertThat(control.session.closed()).isNull();
    }

    private static void take(World.Client client, List<Push> into) {
        client.drain();
        into.addAll(client.got);
        client.got.clear();
    }

    private static List<At> of(String domain, List<Push> pushes) {
        return pushes.stream()
                .map(World::where)
                .filter(at -> at.domain().equals(domain))
                .toList();
    }
}
