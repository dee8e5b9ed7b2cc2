package dev.convene.protocol.value;

import org.jspecify.annotations.Nullable;

/** The two ways in which the same frames and values are written. */
public enum Encoding {
    /** RFC 8259, UTF-8 only. */
    JSON("convene.v1.json", "application/json"),
    /** RFC 8949 without tags, with text keys only. */
    CBOR("convene.v1.cbor", "application/cbor");

    private final String subprotocol;
    private final String mediaType;

    Encoding(String subprotocol, String mediaType) {
        this.subprotocol = subprotocol;
        this.mediaType = mediaType;
    }

    /** The WebSocket subprotocol; JSON frames are text messages, CBOR frames binary ones. */
    public String subprotocol() {
        return subprotocol;
    }

    /** The media type over HTTP. */
    public String mediaType() {
        return mediaType;
    }

    /** The encoding of a WebSocket subprotocol, or null if it is none of ours. */
    public static @Nullable Encoding ofSubprotocol(String subprotocol) {
        return JSON.subprotocol.equals(subprotocol) ? JSON : CBOR.subprotocol.equals(subprotocol) ? CBOR : null;
    }

    /** The encoding of a media type, whatever its parameters, or null if it is none of ours. */
    public static @Nullable Encoding ofMediaType(String mediaType) {
        int semicolon = mediaType.indexOf(';');
        String bare = (semicolon < 0 ? mediaType : mediaType.substring(0, semicolon)).strip();
        return JSON.mediaType.equalsIgnoreCase(bare) ? JSON : CBOR.mediaType.equalsIgnoreCase(bare) ? CBOR : null;
    }
}
