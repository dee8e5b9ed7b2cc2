package dev.convene.gateway.core.request;

import dev.convene.gateway.core.log.OutRecord;
import dev.convene.protocol.group.GroupHeaders;
import dev.convene.protocol.log.LogEntry;
import dev.convene.protocol.log.Origin;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Puts a command with a payload into a record of its own. */
final class RequestHeaders {
    private RequestHeaders() {}

    /** @param texts what stands in the record for readers that know Kafka only */
    static OutRecord payloadRecord(LogEntry.Command command, byte[] payload, List<OutRecord.Header> texts) {
        Origin origin = command.origin();
        List<OutRecord.Header> headers = new ArrayList<>(texts.size() + 2);
        headers.addAll(texts);
        String request = origin.incarnation() + ":" + origin.requester() + ":" + origin.epoch() + ":" + origin.number();
        headers.add(new OutRecord.Header(GroupHeaders.REQUEST, request.getBytes(StandardCharsets.ISO_8859_1)));
        // Last: that is where readers look first.
        headers.add(new OutRecord.Header(LogEntry.HEADER, command.toBytes()));
        return new OutRecord(headers, payload);
    }
}
