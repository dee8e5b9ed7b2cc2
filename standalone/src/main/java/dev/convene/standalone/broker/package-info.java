/**
 * An Apache Kafka broker inside this JVM, with its log in a directory of the user's.
 *
 * <p>{@link dev.convene.standalone.broker.EmbeddedBroker} is a real single-node KRaft broker: the same server code, log
 * format and protocol as a cluster's, with settings that start it quickly and keep it small. It is the one place in
 * Convene that touches Kafka's internal classes.
 */
@NullMarked
package dev.convene.standalone.broker;

import org.jspecify.annotations.NullMarked;
