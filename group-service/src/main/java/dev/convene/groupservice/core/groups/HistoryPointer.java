package dev.convene.groupservice.core.groups;

import dev.convene.protocol.At;

/**
 * Where the history of a group stands, for readers of the topic.
 *
 * @param topic the Kafka topic
 * @param partition the partition of the group's domain
 * @param first the oldest record that is still there
 * @param next where the next record will stand
 */
public record HistoryPointer(String group, String topic, int partition, At first, At next) {}
