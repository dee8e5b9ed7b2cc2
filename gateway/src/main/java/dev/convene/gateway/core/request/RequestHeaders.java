package dev.convene.gateway.core.request;

import dev.convene.gateway.core.log.OutRecord;
import dev.convene.protocol.group.GroupHeaders;
import dev.convene.protocol.log.LogEntry;
import dev.convene.protocol.log.Origin;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Puts a command with a payload into a record of its own. */
final class RequestHeaders {
    private RequestHeaders() {}

    /** @param text what stands in the record for readers that know Kafka only */
    static OutRecord payloadRecord(LogEntry.Command command, byte[] payload, String text) {
        Origin origin = command.origin();
        String request = text + " request=" + origin.incarnation() + ':' + origin.requester() + ':' + origin.epoch()
                + ':' + origin.number();
        // The command last: that is where readers look first.
        return new OutRecord(
                List.of(
                        new OutRecord.Header(GroupHeaders.MESSAGE, request.getBytes(StandardCharsets.ISO_8859_1)),
                        new OutRecord.Header(LogEntry.HEADER, command.toBytes())),
                payload);
    }
}
