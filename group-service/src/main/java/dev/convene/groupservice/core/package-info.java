/** What the service decides and derives, in plain Java: no framework, no Kafka, no clock of its own. */
@NullMarked
package dev.convene.groupservice.core;

import org.jspecify.annotations.NullMarked;
