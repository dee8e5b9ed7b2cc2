package dev.convene.groupservice.core.shards;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ShardTableTests {

    @Test
    void aHaltedShardSaysWhereAndWhatToDo() {
        ShardStatus owner = new ShardStatus(
                "groups", 1, "owner", 4, "me@1", 17, 0L, 0, 0L, 0L, "", 12L, 60_000L, 99L, "abc0", 1, List.of());
        ShardStatus halted = new ShardStatus(
                "groups",
                10,
                "halted",
                4,
                "",
                1234,
                null,
                0,
                null,
                null,
                "halted at offset 1234: a change that had been checked failed",
                null,
                null,
                null,
                "abc0",
                null,
                List.of("owner at 1300 on gs-1", "halted at 1234 on gs-2"));

        assertThat(ShardTable.of(List.of(owner, halted)).lines())
                .containsExactly(
                        "SHARD      ROLE    TERM  OWNER  POSITION  LAG  SNAPSHOT  AGE   EPOCH  BEHAVIOUR  ELSEWHERE",
                        "groups/1   owner   4     me@1   17        0    12        60 s  abc0   1          -",
                        "groups/10  halted  4     -      1234      -    -         -     abc0   -          owner at 1300 on gs-1, halted at 1234 on gs-2",
                        "",
                        "groups/10: halted at offset 1234: a change that had been checked failed",
                        "  Find out why, then: ./convene ops skip groups 10 1234");
    }
}
