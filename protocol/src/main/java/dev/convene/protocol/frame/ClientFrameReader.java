package dev.convene.protocol.frame;

import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Excerpt;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads one frame of a client. A refused operation does not end the reading: the id may stand after it, and whether the
 * rest is a frame at all decides which error the client gets.
 */
final class ClientFrameReader {
    private static final int NAME_SHOWN_MAX = 64;

    private final Map<String, OperationType<?>> operations;
    private long id;
    private @Nullable ClientOperation operation;
    private boolean named;
    private @Nullable ConveneException refusal;

    ClientFrameReader(Map<String, OperationType<?>> operations) {
        this.operations = operations;
    }

    /** Reads the frame to its end. */
    ClientFrame read(StreamFields in) {
        for (String name = in.nextOfFrame(); name != null; name = in.nextOfFrame()) {
            try {
                entry(name, in);
            } catch (ConveneException e) {
                refusal = refusal == null ? e : refusal;
                in.leaveTo(1);
            }
        }
        if (refusal != null) {
            throw refusal.answering(id);
        }
        if (operation == null) {
            throw new ConveneException(ErrorCode.BAD_FRAME, null, "the frame names no operation").answering(id);
        }
        return new ClientFrame(id, operation);
    }

    private void entry(String name, StreamFields in) {
        if (name.equals("id")) {
            id = in.isNull() ? 0 : in.integer(1, ClientFrame.ID_MAX);
            return;
        }
        if (named) {
            throw new ConveneException(ErrorCode.BAD_FRAME, null, "a frame names one operation");
        }
        named = true;
        OperationType<?> type = operations.get(name);
        if (type == null) {
            throw unknown(name);
        }
        in.enter();
        operation = type.reader().apply(in);
    }

    static ConveneException unknown(String operation) {
        return new ConveneException(
                ErrorCode.UNKNOWN_OPERATION,
                Excerpt.of(operation, NAME_SHOWN_MAX),
                ErrorCode.UNKNOWN_OPERATION.advice());
    }
}
