package dev.convene.protocol.frame;

import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Limits;
import dev.convene.protocol.value.Encoding;
import dev.convene.protocol.value.Wire;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads and writes the frames of one encoding. Whatever comes in, the only thing thrown is {@link ConveneException}, with
 * the numbered error and, where one is at fault, the path of the field; its {@link ConveneException#requestId()} is the
 * id of the frame if that could be read. Memory is bounded by the frame.
 *
 * <p>Gateways use {@link #decode}, {@link #encode(ServerFrame)} and, over HTTP, {@link #decodeOperation}, {@link
 * #decodeQuery} and {@link #encodeAnswer}; clients use {@link #encode(ClientFrame)} and {@link #decodeServer}.
 *
 * <p>Thread-safe. Make one for each encoding and keep it.
 */
public final class FrameCodec {
    /** How much deeper than a client's frame a server's may be: tags of JSON, lists of pushes. */
    private static final int SERVER_DEPTH = 16;

    private static final int INITIAL_BYTES = 256;

    private final Encoding encoding;
    private final Limits limits;
    private final Wire clientWire;
    private final Wire serverWire;
    private final Map<String, OperationType<?>> operations = new HashMap<>();
    private final Framing batch;

    private FrameCodec(Encoding encoding, Limits limits, List<OperationType<?>> more) {
        this.encoding = encoding;
        this.limits = limits;
        this.clientWire = Wire.of(encoding, limits.depthMax());
        this.serverWire = Wire.of(encoding, limits.depthMax() + SERVER_DEPTH);
        SessionFormat.TYPES.forEach(type -> operations.put(type.name(), type));
        GroupFormat.TYPES.forEach(type -> operations.put(type.name(), type));
        more.forEach(type -> operations.put(type.name(), type));
        this.batch = Framings.batch(encoding);
    }

    /** The codec of {@code convene.v1.json} for sessions and groups. */
    public static FrameCodec json(Limits limits) {
        return of(Encoding.JSON, limits, List.of());
    }

    /** The codec of {@code convene.v1.cbor} for sessions and groups. */
    public static FrameCodec cbor(Limits limits) {
        return of(Encoding.CBOR, limits, List.of());
    }

    /** A codec that knows the operations of other capabilities too. */
    public static FrameCodec of(Encoding encoding, Limits limits, List<OperationType<?>> more) {
        return new FrameCodec(encoding, limits, more);
    }

    /** The encoding that this codec reads and writes. */
    public Encoding encoding() {
        return encoding;
    }

    /** Reads a frame of a client. */
    public ClientFrame decode(byte[] frame) {
        return decode(frame, 0, frame.length);
    }

    /** Reads a frame of a client from the remaining bytes, which are not consumed. */
    public ClientFrame decode(ByteBuffer frame) {
        if (frame.hasArray()) {
            return decode(frame.array(), frame.arrayOffset() + frame.position(), frame.remaining());
        }
        requireSize(frame.remaining());
        byte[] bytes = new byte[frame.remaining()];
        frame.get(frame.position(), bytes);
        return decode(bytes);
    }

    /** Reads a frame of a client from a slice. */
    public ClientFrame decode(byte[] bytes, int offset, int length) {
        requireSize(length);
        ClientFrame plain = encoding == Encoding.JSON ? PlainMulticast.read(bytes, offset, length, limits) : null;
        return plain != null
                ? plain
                : document(clientWire, bytes, offset, length, "", new ClientFrameReader(operations)::read);
    }

    /**
     * Reads the fields of one operation from the body of an HTTP request; an empty body is a map without fields.
     *
     * @throws ConveneException with {@link ErrorCode#UNKNOWN_OPERATION} if there is no such operation
     */
    public ClientOperation decodeOperation(String operation, byte[] body) {
        OperationType<?> type = type(operation);
        if (body.length == 0) {
            return decodeQuery(operation, Map.of());
        }
        requireSize(body.length);
        return document(clientWire, body, 0, body.length, operation, type.reader());
    }

    /** Reads the fields of one operation from the query of a URL, whose parameters are decoded already. */
    public ClientOperation decodeQuery(String operation, Map<String, List<String>> parameters) {
        return type(operation).reader().apply(new QueryFields(operation, parameters, limits));
    }

    /** Writes a frame; a push by itself is a whole frame, and an element of a batch, for any number of receivers. */
    public byte[] encode(ServerFrame frame) {
        return write(out -> {
            out.open();
            ServerFrameFormat.write(frame, out);
            out.close();
        });
    }

    /** Writes the fields of an answer: the body of an HTTP response. */
    public byte[] encodeAnswer(Answer answer) {
        return fields(out -> AnswerFormat.write(answer, out));
    }

    /** Writes the limits alone. */
    public byte[] encodeLimits(Limits announced) {
        return fields(out -> LimitsFormat.writeFields(announced, out));
    }

    /** Writes problem details; over HTTP they are JSON whatever the request was. */
    public byte[] encodeProblem(Problem problem) {
        return fields(problem::write);
    }

    /** What stands around encoded pushes in a batch frame. */
    public Framing batch() {
        return batch;
    }

    /** What stands around encoded pushes in the answer to the {@code receive} with this id. */
    public Framing received(long id) {
        return Framings.received(encoding, id);
    }

    /** What stands around encoded pushes in an HTTP response to {@code receive}. */
    public Framing received() {
        return Framings.received(encoding);
    }

    /** Writes a frame of a client. */
    public byte[] encode(ClientFrame frame) {
        ClientOperation operation = frame.operation();
        return write(out -> {
            out.open().integerUnless("id", frame.id(), 0).open(operation.operation());
            type(operation.operation()).write(operation, out);
            out.close().close();
        });
    }

    /** Writes the fields of an operation alone: the body of an HTTP request. */
    public byte[] encodeOperation(ClientOperation operation) {
        return fields(out -> type(operation.operation()).write(operation, out));
    }

    /**
     * Reads a frame of a server.
     *
     * @param operationOf the operation that was sent with an id, or null if there was none: it says how to read an answer
     */
    public ServerFrame decodeServer(byte[] frame, LongFunction<@Nullable String> operationOf) {
        ServerFrameFormat format =
                new ServerFrameFormat(operation -> type(operation).answer(), operationOf);
        return document(serverWire, frame, 0, frame.length, "", format::read);
    }

    /** Reads the fields of the answer to an operation. */
    public Answer decodeAnswer(String operation, byte[] body) {
        return document(serverWire, body, 0, body.length, "ok", type(operation).answer());
    }

    /** Reads limits alone. */
    public Limits decodeLimits(byte[] body) {
        return document(serverWire, body, 0, body.length, "limits", LimitsFormat::readFields);
    }

    /** Reads problem details. */
    public Problem decodeProblem(byte[] body) {
        return document(serverWire, body, 0, body.length, "problem", Problem::read);
    }

    private OperationType<?> type(String operation) {
        OperationType<?> type = operations.get(operation);
        if (type == null) {
            throw ClientFrameReader.unknown(operation);
        }
        return type;
    }

    private void requireSize(int length) {
        if (length > limits.frameBytesMax()) {
            throw new ConveneException(
                    ErrorCode.FRAME_TOO_LARGE,
                    null,
                    "the frame has " + length + " bytes; at most " + limits.frameBytesMax() + " are allowed");
        }
    }

    /** Reads a document that is one map and nothing after it. */
    private <T> T document(
            Wire wire, byte[] bytes, int offset, int length, String root, Function<? super StreamFields, T> reader) {
        try (JsonParser parser = wire.parser(bytes, offset, length)) {
            return document(parser, new StreamFields(parser, limits, root), reader);
        }
    }

    private static <T> T document(JsonParser parser, StreamFields fields, Function<? super StreamFields, T> reader) {
        try {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new ConveneException(ErrorCode.BAD_FRAME, null, "a frame is one map, { ... }");
            }
            T result = reader.apply(fields);
            fields.requireEnd();
            return result;
        } catch (JacksonException e) {
            throw Wire.refusal(e, fields.path());
        }
    }

    private byte[] fields(Consumer<FieldWriter> content) {
        return write(out -> {
            out.open();
            content.accept(out);
            out.close();
        });
    }

    private byte[] write(Consumer<FieldWriter> content) {
        if (encoding == Encoding.JSON) {
            JsonOutput json = new JsonOutput(clientWire);
            content.accept(new FieldWriter(json));
            return json.toBytes();
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(INITIAL_BYTES);
        try (JsonGenerator generator = clientWire.generator(bytes)) {
            content.accept(new FieldWriter(new CborOutput(generator)));
        } catch (JacksonException e) {
            throw Wire.refusal(e);
        }
        return bytes.toByteArray();
    }
}
