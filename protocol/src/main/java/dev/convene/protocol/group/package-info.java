/** Commands of the group log and the headers under which any Kafka consumer can read its messages. */
@NullMarked
package dev.convene.protocol.group;

import org.jspecify.annotations.NullMarked;
