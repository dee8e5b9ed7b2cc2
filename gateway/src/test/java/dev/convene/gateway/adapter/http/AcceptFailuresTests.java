package dev.convene.gateway.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.convene.gateway.edge.LeakDetection;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;

@ExtendWith(LeakDetection.class)
class AcceptFailuresTests {
    private final AtomicLong nanos = new AtomicLong(7);
    private final AcceptFailures failures = new AcceptFailures(nanos::get);
    private final EmbeddedChannel channel = new EmbeddedChannel(failures, new Deaf());
    private final ListAppender<ILoggingEvent> words = new ListAppender<>();

    @BeforeEach
    void listen() {
        words.start();
        ((Logger) LoggerFactory.getLogger(AcceptFailures.class)).addAppender(words);
    }

    @AfterEach
    void stop() {
        ((Logger) LoggerFactory.getLogger(AcceptFailures.class)).detachAppender(words);
    }

    @Test
    void saysOnceAMinuteThatConnectionsCannotBeTaken() {
        assertThat(failures.recent()).isNull();
        for (int second = 0; second < 60; second++) {
            channel.pipeline().fireExceptionCaught(new IOException("Too many open files"));
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        }
        assertThat(failures.recent()).isEqualTo("Too many open files");
        assertThat(words.list).hasSize(1);
        assertThat(words.list.getFirst().getFormattedMessage())
                .startsWith("New connections cannot be taken: Too many open files.");

        channel.pipeline().fireExceptionCaught(new IOException("Too many open files"));
        assertThat(words.list).hasSize(2);

        nanos.addAndGet(TimeUnit.SECONDS.toNanos(11));
        assertThat(failures.recent()).isNull();
    }

    /** As the end of a real server's pipeline takes it. */
    private static final class Deaf extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {}
    }
}
