package dev.convene.protocol.frame;

import dev.convene.protocol.Content;
import dev.convene.protocol.Limits;
import dev.convene.protocol.Names;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.frame.GroupOperation.Multicast;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the frame that gateways get most: a message to one group, in JSON as programs write it, without white space, with a
 * body of ASCII that needs no escape. Whatever is otherwise, or wrong, is left to the parser: nothing is refused here, and
 * what is read here means the same there.
 */
final class PlainMulticast {
    /** Operation and frame. */
    private static final int DEPTH = 2;

    private static final int ID_DIGITS_MAX = 15;
    private static final byte[] ID = ascii("{\"id\":");
    private static final byte[] MULTICAST = ascii(",\"multicast\":{");
    private static final byte[] GROUP = ascii("\"group\":\"");
    private static final byte[] SERVICE = ascii("\"service\":\"");
    private static final byte[] BODY = ascii("\"body\":\"");
    private static final byte[] END = ascii("}}");

    private final byte[] bytes;
    private final int end;
    private final Limits limits;
    private int at;

    private PlainMulticast(byte[] bytes, int offset, int length, Limits limits) {
        this.bytes = bytes;
        this.at = offset;
        this.end = offset + length;
        this.limits = limits;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** The frame, or null if the parser has to read it. */
    static @Nullable ClientFrame read(byte[] bytes, int offset, int length, Limits limits) {
        return limits.depthMax() < DEPTH ? null : new PlainMulticast(bytes, offset, length, limits).frame();
    }

    private @Nullable ClientFrame frame() {
        if (!skip(ID)) {
            return null;
        }
        long id = id();
        if (id <= 0 || !skip(MULTICAST)) {
            return null;
        }
        String group = null;
        ServiceLevel service = null;
        byte[] body = null;
        do {
            // What is there and cannot be read here ends the reading, so that nothing is there twice.
            Object read = null;
            if (group == null && skip(GROUP)) {
                read = group = group();
            } else if (service == null && skip(SERVICE)) {
                read = service = service();
            } else if (body == null && skip(BODY)) {
                read = body = body();
            }
            if (read == null) {
                return null;
            }
        } while (skip((byte) ','));
        if (group == null || service == null || body == null || !skip(END) || at != end) {
            return null;
        }
        Body text = new Body(Content.TEXT, body);
        return new ClientFrame(id, new Multicast(List.of(group), service, 0, text, false, null, 0, null, null));
    }

    /** A number without leading zeros that is surely within bounds, else 0. */
    private long id() {
        int first = at;
        long id = 0;
        while (at < end && bytes[at] >= '0' && bytes[at] <= '9' && at - first < ID_DIGITS_MAX) {
            id = 10 * id + bytes[at++] - '0';
        }
        return at > first && bytes[first] != '0' ? id : 0;
    }

    private @Nullable String group() {
        String name = text(Names.GROUP_NAME_MAX);
        return name != null && Names.isGroupName(name) ? name : null;
    }

    private @Nullable ServiceLevel service() {
        String name = text(Names.GROUP_NAME_MAX);
        return name == null ? null : ServiceLevel.ofWireName(name);
    }

    private @Nullable String text(int lengthMax) {
        int first = at;
        int length = string();
        return length < 0 || length > lengthMax ? null : new String(bytes, first, length, StandardCharsets.US_ASCII);
    }

    private byte @Nullable [] body() {
        int first = at;
        int length = string();
        return length < 0 || length > limits.messageBytesMax()
                ? null
                : Arrays.copyOfRange(bytes, first, first + length);
    }

    /** Goes behind the quote that ends a string of ASCII without escapes and returns its length; -1 if it is another. */
    private int string() {
        int first = at;
        for (int i = first; i < end; i++) {
            byte b = bytes[i];
            if (b == '"') {
                at = i + 1;
                return i - first;
            }
            if (b < ' ' || b == '\\') {
                return -1;
            }
        }
        return -1;
    }

    private boolean skip(byte[] expected) {
        boolean found = end - at >= expected.length
                && Arrays.equals(bytes, at, at + expected.length, expected, 0, expected.length);
        at += found ? expected.length : 0;
        return found;
    }

    private boolean skip(byte expected) {
        boolean found = at < end && bytes[at] == expected;
        at += found ? 1 : 0;
        return found;
    }
}
