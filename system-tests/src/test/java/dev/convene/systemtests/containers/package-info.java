/**
 * The services, each a process of its own, on brokers of Kafka's published image, which are stopped, killed, paused and cut
 * off. They need a Docker engine and carry the JUnit tag {@code containers}.
 */
@NullMarked
package dev.convene.systemtests.containers;

import org.jspecify.annotations.NullMarked;
