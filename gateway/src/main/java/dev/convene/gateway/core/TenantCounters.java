package dev.convene.gateway.core;

import dev.convene.protocol.ServiceLevel;
import java.util.concurrent.atomic.LongAdder;

/** What is counted of one tenant; sessions hold theirs, so that nothing is looked up for a message. Thread-safe. */
public final class TenantCounters {
    /** Sessions that are served here. */
    public final LongAdder sessions = new LongAdder();
    /** Bytes of the bodies of messages sent through this gateway. */
    public final LongAdder messageBytes = new LongAdder();
    /** Pushes put into queues. */
    public final LongAdder pushes = new LongAdder();
    /** About how many bytes those take. */
    public final LongAdder pushBytes = new LongAdder();

    private final LongAdder[] messages = new LongAdder[ServiceLevel.values().length + 1];

    public TenantCounters() {
        for (int i = 0; i < messages.length; i++) {
            messages[i] = new LongAdder();
        }
    }

    /** Messages sent through this gateway at a level. */
    public LongAdder messages(ServiceLevel level) {
        return messages[level.number()];
    }

    /** A message is sent. */
    public void sent(ServiceLevel level, int bytes) {
        messages(level).increment();
        messageBytes.add(bytes);
    }

    /** A push was put into a queue. */
    public void pushed(int bytes) {
        pushes.increment();
        pushBytes.add(bytes);
    }
}
