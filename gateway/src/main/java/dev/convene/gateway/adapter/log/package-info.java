/**
 * The logs in Kafka: {@link dev.convene.gateway.adapter.log.GuardedAppender} out,
 * {@link dev.convene.gateway.adapter.log.KafkaGroupLog} and {@link dev.convene.gateway.adapter.log.KafkaAnswerLog} in.
 */
@NullMarked
package dev.convene.gateway.adapter.log;

import org.jspecify.annotations.NullMarked;
