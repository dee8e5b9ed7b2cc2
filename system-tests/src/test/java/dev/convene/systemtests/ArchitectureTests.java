package dev.convene.systemtests;

import dev.convene.testkit.arch.ConveneArchitecture;
import org.junit.jupiter.api.Test;

/** Tests alone, and they follow the rules for tests. */
class ArchitectureTests {
    @Test
    void followsTheArchitecture() {
        ConveneArchitecture.verify(getClass());
    }
}
