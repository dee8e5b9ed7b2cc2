/** Wires the service: on its own, or as part of a process that holds all of Convene. */
@NullMarked
package dev.convene.groupservice.config;

import org.jspecify.annotations.NullMarked;
