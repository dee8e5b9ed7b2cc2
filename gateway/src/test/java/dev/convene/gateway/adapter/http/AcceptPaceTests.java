package dev.convene.gateway.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.gateway.edge.LeakDetection;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakDetection.class)
class AcceptPaceTests {
    private final EmbeddedChannel channel = new EmbeddedChannel();

    AcceptPaceTests() {
        channel.freezeTime();
        channel.pipeline().addLast(new AcceptPace(1000));
    }

    private int accepts() {
        int accepted = 0;
        while (channel.config().isAutoRead()) {
            channel.writeInbound(new Object());
            accepted++;
        }
        return accepted;
    }

    private void pass(long ms) {
        channel.advanceTimeBy(ms, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void thoseWhoComeTogetherAreTakenAtTheRate() {
        int accepted = accepts();
        for (int ms = 0; ms < 1000; ms++) {
            pass(1);
            accepted += accepts();
        }
        assertThat(accepted).isBetween(990, 1030);
        assertThat(channel.inboundMessages()).hasSize(accepted);
    }

    @Test
    void afterAQuietTimeSomeAreTakenAtOnce() {
        accepts();
        pass(1000);
        assertThat(accepts()).isBetween(20, 22);
    }
}
