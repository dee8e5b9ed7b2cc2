package dev.convene.protocol.frame;

import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode.Happened;
import dev.convene.protocol.Excerpt;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A frame from a gateway. */
public sealed interface ServerFrame
        permits Push,
                ServerFrame.Ok,
                ServerFrame.Failure,
                ServerFrame.Batch,
                ServerFrame.Heartbeat,
                ServerFrame.Closing {

    /**
     * The answer to a request.
     *
     * @param id the id of the request
     */
    record Ok(long id, Answer answer) implements ServerFrame {}

    /**
     * A refusal. The number decides; the rest is there so that a client can act without a table.
     *
     * @param id the id of the request, or 0 if it has none or the frame could not be read
     * @param code the number of the error
     * @param name the name of the error
     * @param message what is wrong and what to do, for a person
     * @param temporary whether the same request may succeed later
     * @param happened whether the thing may have been done
     * @param field the path of the field at fault, or null
     * @param retryAfterMs after how many milliseconds the client had better come back; 0 if nothing is known of that
     */
    record Failure(
            long id,
            int code,
            String name,
            String message,
            boolean temporary,
            Happened happened,
            @Nullable String field,
            int retryAfterMs)
            implements ServerFrame {
        static final int MESSAGE_MAX = 400;
        static final int FIELD_MAX = 200;

        /** The refusal as the answer to the request that it names. */
        public static Failure of(ConveneException e) {
            return new Failure(
                    e.requestId(),
                    e.code().number(),
                    e.code().wireName(),
                    Excerpt.of(e.message(), MESSAGE_MAX),
                    e.code().isTemporary(),
                    e.code().happened(),
                    e.field() == null ? null : Excerpt.of(e.field(), FIELD_MAX),
                    e.retryAfterMs());
        }
    }

    /** Several pushes in one frame, in their order. */
    record Batch(List<Push> pushes) implements ServerFrame {
        public static final String NAME = "batch";

        public Batch {
            pushes = List.copyOf(pushes);
        }
    }

    /** The server is alive and wants to see that the client is: any frame will do. */
    record Heartbeat() implements ServerFrame {
        public static final String NAME = "ping";
    }

    /** The server is about to close the connection. */
    record Closing(int code, String reason) implements ServerFrame {
        public static final String NAME = "closing";
    }
}
