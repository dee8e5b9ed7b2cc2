/** Publishes audit facts through Spring Cloud Stream. */
@NullMarked
package dev.convene.groupservice.adapter.audit;

import org.jspecify.annotations.NullMarked;
