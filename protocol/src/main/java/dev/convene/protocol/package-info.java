/**
 * What travels: names, positions, numbered errors and the vocabulary shared by every surface of Convene.
 *
 * <p>Sub-packages hold the two wire formats: {@code log} is what stands in Kafka topics, {@code frame} is what clients
 * send and receive. Nothing here knows a framework, a broker or a socket.
 */
@NullMarked
package dev.convene.protocol;

import org.jspecify.annotations.NullMarked;
