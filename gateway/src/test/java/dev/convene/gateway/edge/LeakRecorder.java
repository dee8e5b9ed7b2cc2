package dev.convene.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers the buffers that Netty found to be lost, in all tests of this module. */
public final class LeakRecorder<T> extends ResourceLeakDetector<T> {
    private static final List<String> LEAKS = new CopyOnWriteArrayList<>();
    private static volatile boolean used;
    private static final int ROUNDS = 5;

    /** As Netty makes it. */
    @SuppressWarnings("deprecation")
    public LeakRecorder(Class<?> resourceType, int samplingInterval) {
        super(resourceType, samplingInterval);
        used = true;
    }

    /** As Netty looks for it, too. */
    @SuppressWarnings("unused")
    public LeakRecorder(Class<?> resourceType, int samplingInterval, long maxActive) {
        this(resourceType, samplingInterval);
    }

    @Override
    protected boolean needReport() {
        return true;
    }

    @Override
    protected void reportTracedLeak(String resourceType, String records) {
        LEAKS.add(resourceType + records);
    }

    @Override
    protected void reportUntracedLeak(String resourceType) {
        LEAKS.add(resourceType);
    }

    /** Fails if a buffer was lost until now. Lost ones are found when another is made after a collection. */
    public static void assertNoLeaks() {
        assertThat(ResourceLeakDetector.getLevel()).isEqualTo(Level.PARANOID);
        for (int round = 0; round < ROUNDS; round++) {
            System.gc();
            for (int i = 0; i < 100; i++) {
                PooledByteBufAllocator.DEFAULT.buffer(16).release();
            }
        }
        // Told last: a class may have made no buffer of its own.
        assertThat(used).as("this recorder is Netty's").isTrue();
        assertThat(LEAKS).isEmpty();
    }
}
