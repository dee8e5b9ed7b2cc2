package dev.convene.gateway.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.gateway.core.log.Appender;
import dev.convene.gateway.core.log.OutRecord;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Position;
import dev.convene.protocol.log.LogEntry;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeenBatchTests {
    private enum Fate {
        APPENDED,
        FAILED,
        REFUSED
    }

    private final List<LogEntry.Confirmation> appended = new ArrayList<>();
    private Fate fate = Fate.APPENDED;
    private final SeenBatch batch = new SeenBatch(new Appender() {
        @Override
        public void append(String log, int partition, OutRecord rec, Done done) {
            switch (fate) {
                case APPENDED -> {
                    LogEntry entry = LogEntry.read(null, rec.value());
                    appended.addAll(((LogEntry.Confirmations) entry).confirmations());
                    done.appended(1);
                }
                case FAILED -> done.failed(true);
                case REFUSED -> throw new ConveneException(ErrorCode.UNAVAILABLE);
            }
        }

        @Override
        public void appendUnreliably(String log, int partition, OutRecord rec, Runnable dropped) {}
    });

    private static LogEntry.Confirmation confirmation(long session, int epoch, long upTo) {
        return new LogEntry.Confirmation(session, epoch, Position.of(upTo));
    }

    @Test
    void whatCouldNotBeAppendedIsAppendedWithTheNextUnlessThereIsANewerOne() {
        batch.seen(0, new LogEntry.Confirmation(10, 1, Position.of(5)));
        batch.seen(0, new LogEntry.Confirmation(11, 1, Position.of(6)));
        fate = Fate.FAILED;
        batch.flush(1);
        fate = Fate.REFUSED;
        batch.flush(1);
        batch.seen(0, new LogEntry.Confirmation(11, 1, Position.of(7)));
        fate = Fate.APPENDED;
        batch.flush(1);
        assertThat(appended).containsExactlyInAnyOrder(confirmation(10, 1, 5), confirmation(11, 1, 7));
        batch.flush(1);
        assertThat(appended).hasSize(2);
    }

    @Test
    void anOlderEpochNeverReplacesANewerOne() {
        batch.seen(0, new LogEntry.Confirmation(10, 2, Position.of(5)));
        batch.seen(0, new LogEntry.Confirmation(10, 1, Position.of(9)));
        batch.flush(1);
        assertThat(appended).containsExactly(confirmation(10, 2, 5));
    }
}
