package dev.convene.runtime.host.beat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlacementTests {
    private static final List<String> FIVE = List.of("a-0", "a-1", "a-2", "a-3", "a-4");

    @Test
    void doesNotDependOnTheOrderInWhichInstancesAreHeard() {
        for (int partition = 0; partition < 50; partition++) {
            assertThat(Placement.holders("groups", partition, FIVE.reversed(), 2))
                    .isEqualTo(Placement.holders("groups", partition, FIVE, 2))
                    .hasSize(2)
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void movesOnlyTheShardsOfAnInstanceThatGoes() {
        List<String> without = new ArrayList<>(FIVE);
        without.remove("a-2");
        for (int partition = 0; partition < 200; partition++) {
            List<String> before = Placement.holders("groups", partition, FIVE, 2);
            List<String> after = Placement.holders("groups", partition, without, 2);
            if (!before.contains("a-2")) {
                assertThat(after).isEqualTo(before);
            } else {
                before.stream()
                        .filter(i -> !i.equals("a-2"))
                        .forEach(kept -> assertThat(after).contains(kept));
            }
        }
    }

    @Test
    void spreadsShardsEvenly() {
        Map<String, Integer> owned = new HashMap<>();
        for (int partition = 0; partition < 1000; partition++) {
            owned.merge(Placement.holders("groups", partition, FIVE, 2).getFirst(), 1, Integer::sum);
        }
        assertThat(owned).hasSize(5);
        assertThat(owned.values()).allSatisfy(count -> assertThat(count).isBetween(150, 250));
    }

    @Test
    void givesFewerHoldersThanWantedWhenThereAreFewer() {
        assertThat(Placement.holders("groups", 0, List.of("one"), 2)).containsExactly("one");
        assertThat(Placement.holders("groups", 0, List.of(), 2)).isEmpty();
    }
}
