package dev.convene.groupservice.core.shards;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Shards as a table for a terminal: a row for each, and below what is to be done about those that do not go on. */
public final class ShardTable {
    private static final List<String> TITLES = List.of(
            "SHARD", "ROLE", "TERM", "OWNER", "POSITION", "LAG", "SNAPSHOT", "AGE", "EPOCH", "BEHAVIOUR", "ELSEWHERE");

    private ShardTable() {}

    public static String of(List<ShardStatus> shards) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(TITLES);
        StringBuilder faults = new StringBuilder();
        for (ShardStatus shard : shards) {
            rows.add(row(shard));
            if (!shard.fault().isEmpty()) {
                faults.append('\n')
                        .append(name(shard))
                        .append(": ")
                        .append(shard.fault())
                        .append('\n');
                if (shard.role().equals("halted")) {
                    faults.append("  Find out why, then: ./convene ops skip ")
                            .append(shard.log())
                            .append(' ')
                            .append(shard.partition())
                            .append(' ')
                            .append(shard.applied())
                            .append('\n');
                }
            }
        }
        return lines(rows) + faults;
    }

    private static String name(ShardStatus shard) {
        return shard.log() + "/" + shard.partition();
    }

    private static List<String> row(ShardStatus shard) {
        Long ageMs = shard.snapshotAgeMs();
        return List.of(
                name(shard),
                shard.role(),
                Long.toString(shard.term()),
                shard.owner().isEmpty() ? "-" : shard.owner(),
                Long.toString(shard.applied()),
                orDash(shard.lag()),
                orDash(shard.snapshot()),
                ageMs == null ? "-" : String.format(Locale.ROOT, "%d s", ageMs / 1000),
                shard.epoch(),
                orDash(shard.behaviour()),
                shard.elsewhere().isEmpty() ? "-" : String.join(", ", shard.elsewhere()));
    }

    private static String orDash(@Nullable Number number) {
        return number == null ? "-" : number.toString();
    }

    private static String lines(List<List<String>> rows) {
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                int place = column;
                int width = rows.stream()
                        .mapToInt(each -> each.get(place).length())
                        .max()
                        .orElse(0);
                line.append(row.get(column))
                        .repeat(' ', width + 2 - row.get(column).length());
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
