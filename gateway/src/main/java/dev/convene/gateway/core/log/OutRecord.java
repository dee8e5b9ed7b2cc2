package dev.convene.gateway.core.log;

import java.util.List;

/**
 * A record to be appended. Arrays are handed over and must not be changed.
 *
 * @param headers in order
 * @param value the record's value
 */
public record OutRecord(List<Header> headers, byte[] value) {
    /** One header of a record. */
    public record Header(String name, byte[] value) {}

    /** A record without headers. */
    public static OutRecord of(byte[] value) {
        return new OutRecord(List.of(), value);
    }

    /** What it counts for in bounds, in bytes. */
    public int bytes() {
        int bytes = value.length;
        for (Header header : headers) {
            bytes += header.name().length() + header.value().length;
        }
        return bytes;
    }
}
