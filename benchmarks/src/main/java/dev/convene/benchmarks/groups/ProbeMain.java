package dev.convene.benchmarks.groups;

import dev.convene.benchmarks.load.Latencies;
import dev.convene.benchmarks.load.LoadClients;
import dev.convene.benchmarks.load.Schedule;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import tools.jackson.databind.json.JsonMapper;

/**
 * One sender and one receiver in a process of their own, for latencies while the load's own process is at work: what waits
 * in there would count as the platform's. It reads lines {@code PER_SECOND MILLISECONDS} and answers each with one line of
 * JSON when that stretch is over; it ends when there are no more.
 */
public final class ProbeMain {
    private static final JsonMapper JSON = new JsonMapper();

    private ProbeMain() {}

    /** @param arguments the gateway's port, the group, the bytes of a message */
    public static void main(String[] arguments) throws IOException {
        int port = Integer.parseInt(arguments[0]);
        int bodyBytes = Integer.parseInt(arguments[2]);
        BufferedReader asked = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (LoadClients clients = new LoadClients()) {
            GroupLoad load = GroupLoad.fanOut(clients, port, "probe", arguments[1], 1, bodyBytes);
            for (String line = asked.readLine(); line != null; line = asked.readLine()) {
                String[] words = line.split(" ");
                Schedule schedule =
                        Schedule.of(Integer.parseInt(words[0]), Duration.ofMillis(Long.parseLong(words[1])));
                System.out.println(JSON.writeValueAsString(stretch(load, schedule)));
            }
            load.close();
        }
    }

    private static Probe.Stretch stretch(GroupLoad load, Schedule schedule) {
        Latencies latencies = load.run(schedule);
        return new Probe.Stretch(
                latencies.ms(50),
                latencies.ms(99),
                latencies.ms(100),
                schedule.count() - latencies.received(),
                latencies.worstMs());
    }
}
