/**
 * The value table: what a tuple field, a task argument, a presence or a message body may hold, and how it travels in
 * JSON and CBOR.
 *
 * <p>{@link dev.convene.protocol.value.Value} is the table. {@link dev.convene.protocol.value.Wire} makes the bounded
 * parsers and generators of both encodings; {@link dev.convene.protocol.value.ValueReader} and
 * {@link dev.convene.protocol.value.ValueWriter} use them, {@link dev.convene.protocol.value.ValueCopier} passes a value
 * from one encoding to the other without building it. JSON has fewer kinds than the table, so a map whose only key
 * begins with {@code $} is a tag: {@code {"$bytes": "AAE="}}.
 */
@NullMarked
package dev.convene.protocol.value;

import org.jspecify.annotations.NullMarked;
