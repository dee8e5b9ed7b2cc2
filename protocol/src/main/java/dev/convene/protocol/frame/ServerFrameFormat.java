package dev.convene.protocol.frame;

import static dev.convene.protocol.frame.FieldReader.require;

import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.ErrorCode.Happened;
import dev.convene.protocol.frame.ServerFrame.Batch;
import dev.convene.protocol.frame.ServerFrame.Closing;
import dev.convene.protocol.frame.ServerFrame.Failure;
import dev.convene.protocol.frame.ServerFrame.Heartbeat;
import dev.convene.protocol.frame.ServerFrame.Ok;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** How frames of a server are written, and read by clients. */
final class ServerFrameFormat {
    private static final int PUSHES_MAX = 1_000_000;
    private static final String ID = "id";
    private static final String OK = "ok";
    private static final String ERROR = "error";

    private final Function<String, Function<FieldReader, ? extends Answer>> answerOf;
    private final LongFunction<@Nullable String> operationOf;

    ServerFrameFormat(
            Function<String, Function<FieldReader, ? extends Answer>> answerOf,
            LongFunction<@Nullable String> operationOf) {
        this.answerOf = answerOf;
        this.operationOf = operationOf;
    }

    /** Writes the entries of the frame's map. */
    static void write(ServerFrame frame, FieldWriter out) {
        switch (frame) {
            case Push push -> PushFormat.writeEntry(push, out);
            case Batch batch -> out.objects(Batch.NAME, batch.pushes(), PushFormat::writeEntry);
            case Ok(long id, Answer answer) -> {
                out.integer(ID, id).open(OK);
                AnswerFormat.write(answer, out);
                out.close();
            }
            case Failure failure -> {
                out.integerUnless(ID, failure.id(), 0).open(ERROR);
                writeError(failure, out);
                out.close();
            }
            case Heartbeat _ -> out.open(Heartbeat.NAME).close();
            case Closing(int code, String reason) ->
                out.open(Closing.NAME)
                        .integer("code", code)
                        .text("reason", reason)
                        .close();
        }
    }

    private static void writeError(Failure failure, FieldWriter out) {
        out.integer("code", failure.code())
                .text("name", failure.name())
                .text("message", failure.message())
                .flag("temporary", failure.temporary())
                .text("happened", failure.happened().wireName())
                .text("field", failure.field())
                .integerUnless("retryAfterMs", failure.retryAfterMs(), 0);
    }

    /** Reads the frame; the id of an answer stands before it. */
    ServerFrame read(FieldReader in) {
        long id = 0;
        ServerFrame frame = null;
        for (String name = in.next(); name != null; name = in.next()) {
            if (name.equals(ID)) {
                id = in.integer(1, ClientFrame.ID_MAX);
            } else if (frame != null) {
                throw in.refusal(ErrorCode.BAD_FRAME, "a frame holds one thing");
            } else {
                frame = readContent(name, id, in);
            }
        }
        return require(frame, "frame");
    }

    private ServerFrame readContent(String name, long id, FieldReader in) {
        return switch (name) {
            case OK -> readOk(id, in);
            case ERROR -> readError(id, in);
            case Batch.NAME -> new Batch(in.objects(PUSHES_MAX, PushFormat::readOnly));
            case Heartbeat.NAME -> {
                in.skip();
                yield new Heartbeat();
            }
            case Closing.NAME -> readClosing(in);
            default -> PushFormat.read(name, in);
        };
    }

    private Ok readOk(long id, FieldReader in) {
        String operation = operationOf.apply(id);
        if (operation == null) {
            in.skip();
            return new Ok(id, Answer.Done.DONE);
        }
        in.enter();
        return new Ok(id, answerOf.apply(operation).apply(in));
    }

    private static Failure readError(long id, FieldReader in) {
        in.enter();
        int code = 0;
        String name = "";
        String message = "";
        boolean temporary = false;
        Happened happened = Happened.NO;
        String field = null;
        int retryAfterMs = 0;
        for (String key = in.next(); key != null; key = in.next()) {
            switch (key) {
                case "code" -> code = in.count(Integer.MAX_VALUE);
                case "name" -> name = in.text();
                case "message" -> message = in.text(Integer.MAX_VALUE);
                case "temporary" -> temporary = in.flag();
                case "happened" -> happened = Problem.happened(in);
                case "field" -> field = in.text(Integer.MAX_VALUE);
                case "retryAfterMs" -> retryAfterMs = in.count(Integer.MAX_VALUE);
                default -> in.skip();
            }
        }
        return new Failure(id, code, name, message, temporary, happened, field, retryAfterMs);
    }

    private static Closing readClosing(FieldReader in) {
        in.enter();
        int code = 0;
        String reason = "";
        for (String key = in.next(); key != null; key = in.next()) {
            switch (key) {
                case "code" -> code = in.count(Integer.MAX_VALUE);
                case "reason" -> reason = in.text();
                default -> in.skip();
            }
        }
        return new Closing(code, reason);
    }
}
