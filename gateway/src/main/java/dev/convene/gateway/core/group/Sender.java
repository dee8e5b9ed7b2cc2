package dev.convene.gateway.core.group;

import dev.convene.gateway.core.TenantCounters;
import dev.convene.gateway.core.request.Window;
import dev.convene.protocol.group.GroupCommand.Cause;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** On whose behalf messages are sent: a session, or the gateway for a client without one. */
interface Sender {
    /** Where its requests to a domain go, when it is attached there. */
    CompletableFuture<Window> window(String domain);

    /** How its messages are signed: a qualified name. */
    String name();

    /** What is counted of its tenant. */
    TenantCounters counters();

    /** The client's own number of the message, or 0 where those of several clients would mix. */
    long seq(long given);

    /** What must be delivered before a message to this partition. */
    List<Cause> causes(int partition);

    /** Of what the log has to show the outcome before an ordered message to this partition can be sent. */
    CompletableFuture<?> before(int partition);

    /** A message was handed on. */
    void sent(int partition);

    /** The log has shown what became of a message, or nobody will ever know. */
    void settled(int partition);

    /** A message of its own stands there. */
    void delivered(int partition, long offset);
}
