package dev.convene.group;

import dev.convene.protocol.log.Decoder;
import dev.convene.protocol.log.Encoder;
import java.util.ArrayList;
import java.util.List;

/** The body of a multicast's answer: the private groups among its targets that were not there. */
public final class MulticastReply {
    private static final byte[] NONE = {};

    private MulticastReply() {}

    static byte[] dropped(List<String> names) {
        if (names.isEmpty()) {
            return NONE;
        }
        Encoder out = new Encoder().varint(names.size());
        names.forEach(out::string);
        return out.toBytes();
    }

    /** The names in the body of an answer; empty for an empty body. */
    public static List<String> dropped(byte[] body) {
        if (body.length == 0) {
            return List.of();
        }
        Decoder in = new Decoder(body);
        int count = in.count(1);
        List<String> names = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            names.add(in.string());
        }
        return names;
    }
}
