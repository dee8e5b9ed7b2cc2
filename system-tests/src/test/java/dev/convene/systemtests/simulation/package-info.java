/**
 * The whole groups system in one thread from one seed: the product's sessions and group shards, its outbox and its machine
 * on replicas that crash and stand still, over a broker that forgets; gateways and clients are models that follow the
 * rules of {@code docs/architecture.md}. What every session saw is checked by all checkers of testkit.
 */
@NullMarked
package dev.convene.systemtests.simulation;

import org.jspecify.annotations.NullMarked;
