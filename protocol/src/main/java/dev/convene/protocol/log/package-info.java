/**
 * What stands in the logs: the compact binary form of commands, terms, ticks and forwarded records, and the headers of
 * the group log. Varints are unsigned LEB128; strings are UTF-8 with their length in bytes before them.
 *
 * <p>A record's first byte is its format version, so that old logs stay readable for ever.
 */
@NullMarked
package dev.convene.protocol.log;

import org.jspecify.annotations.NullMarked;
