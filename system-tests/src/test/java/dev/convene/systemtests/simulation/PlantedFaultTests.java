package dev.convene.systemtests.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.testkit.sim.SimulationFailure;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever the models are told to do wrong, the checkers find it within a few seeds. */
class PlantedFaultTests {
    private static final int SEEDS_MAX = 40;

    @ParameterizedTest
    @EnumSource(Fault.class)
    void aPlantedFaultIsFound(Fault fault) {
        assertThat(isFound(fault)).as(fault.name()).isTrue();
    }

    private static boolean isFound(Fault fault) {
        for (long seed = 1; seed <= SEEDS_MAX; seed++) {
            try {
                if (!new GroupsRun(seed, fault).run().isEmpty()) {
                    return true;
                }
            } catch (SimulationFailure e) {
                // It broke the models themselves; the checkers have seen nothing yet.
                continue;
            }
        }
        return false;
    }
}
