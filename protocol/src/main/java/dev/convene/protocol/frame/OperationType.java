package dev.convene.protocol.frame;

import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * How one operation is read and written; what a capability adds to a {@link FrameCodec}.
 *
 * @param name its name on the wire
 * @param type its record
 * @param reader reads its fields to the end
 * @param writer writes its fields
 * @param answer reads the fields of its answer to the end
 */
public record OperationType<O extends ClientOperation>(
        String name,
        Class<O> type,
        Function<FieldReader, O> reader,
        BiConsumer<O, FieldWriter> writer,
        Function<FieldReader, ? extends Answer> answer) {

    /** Writes the fields of an operation of this type. */
    void write(ClientOperation operation, FieldWriter out) {
        writer.accept(type.cast(operation), out);
    }
}
