/**
 * Commands of the sessions log, the one place that decides who is connected, under which name and through which gateway,
 * and in which partition an order domain lives.
 */
@NullMarked
package dev.convene.protocol.session;

import org.jspecify.annotations.NullMarked;
