package dev.convene.group;

import dev.convene.protocol.frame.Body;
import dev.convene.protocol.value.Encoding;
import dev.convene.protocol.value.ValueReader;
import dev.convene.protocol.value.ValueWriter;
import dev.convene.protocol.value.Wire;
import org.jspecify.annotations.Nullable;

/** Presence data in the log: JSON text of the value, nothing for none. */
public final class PresenceForm {
    private static final int DEPTH_MAX = 128;
    private static final Wire JSON = Wire.of(Encoding.JSON, DEPTH_MAX);
    private static final byte[] NONE = {};

    private PresenceForm() {}

    public static byte[] toLog(@Nullable Body presence) {
        return presence == null ? NONE : ValueWriter.toBytes(JSON, presence.value());
    }

    public static @Nullable Body fromLog(byte[] bytes) {
        return bytes.length == 0 ? null : Body.of(ValueReader.parse(JSON, bytes));
    }
}
