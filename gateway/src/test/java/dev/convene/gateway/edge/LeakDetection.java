package dev.convene.gateway.edge;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Turns Netty's leak detection up and fails the class after whose tests a lost buffer is found. Every test of this module
 * that loads Netty has it, since the level counts only before that.
 */
public final class LeakDetection implements BeforeAllCallback, AfterAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
        System.setProperty("io.netty.leakDetection.level", "paranoid");
        System.setProperty("io.netty.customResourceLeakDetector", "dev.convene.gateway.edge.LeakRecorder");
    }

    @Override
    public void afterAll(ExtensionContext context) {
        LeakRecorder.assertNoLeaks();
    }
}
