/**
 * All of Convene in one JVM.
 *
 * <p>Wiring only: the services are the same classes that run apart from each other in a cluster.
 */
@NullMarked
package dev.convene.standalone;

import org.jspecify.annotations.NullMarked;
