/**
 * What the core needs of the logs. Records go out through {@link dev.convene.gateway.core.log.Appender}, come in through
 * {@link dev.convene.gateway.core.log.GroupLog} and {@link dev.convene.gateway.core.log.AnswerLog}.
 */
@NullMarked
package dev.convene.gateway.core.log;

import org.jspecify.annotations.NullMarked;
