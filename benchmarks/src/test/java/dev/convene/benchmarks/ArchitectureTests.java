package dev.convene.benchmarks;

import dev.convene.testkit.arch.ConveneArchitecture;
import org.junit.jupiter.api.Test;

/** The package tree is the architecture. */
class ArchitectureTests {
    @Test
    void followsTheArchitecture() {
        ConveneArchitecture.verify(getClass());
    }
}
