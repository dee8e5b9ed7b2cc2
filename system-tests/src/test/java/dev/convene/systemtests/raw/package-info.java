/** The group log as readers see it that know Kafka and nothing of Convene. */
@NullMarked
package dev.convene.systemtests.raw;

import org.jspecify.annotations.NullMarked;
