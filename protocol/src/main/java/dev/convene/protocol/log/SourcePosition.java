package dev.convene.protocol.log;

import dev.convene.protocol.Position;

/**
 * The identity of an effect that leaves its partition.
 *
 * @param log the source log's name
 * @param partition the source partition
 * @param position the effect's place there
 */
public record SourcePosition(String log, int partition, Position position) {}
