/**
 * Feeds shard machines from Kafka: {@link dev.convene.runtime.host.ShardHost} holds an instance's replicas of a log
 * (owner, standby), {@link dev.convene.runtime.host.ReaderShard} and {@link dev.convene.runtime.host.ReplayPass} run the
 * same machines for gateways, {@link dev.convene.runtime.host.AnswersReader} gives a gateway what owners send to it. All
 * of them share an {@link dev.convene.runtime.host.Instance}.
 *
 * <p>Metrics, all tagged {@code log} and {@code partition} where a shard is meant:
 *
 * <table>
 * <caption>Metrics</caption>
 * <tr><td>{@code convene.shard.applied}</td><td>gauge, the next offset to apply</td></tr>
 * <tr><td>{@code convene.shard.lag}</td><td>gauge, records between that and the end as last asked for</td></tr>
 * <tr><td>{@code convene.shard.standing}</td><td>gauge, 0 catching up, 1 standby, 2 owner, 3 leaving, 4 halted</td></tr>
 * <tr><td>{@code convene.shard.terms}</td><td>counter, changes of the term that were read</td></tr>
 * <tr><td>{@code convene.shard.takeovers}</td><td>counter, terms that this instance won</td></tr>
 * <tr><td>{@code convene.shard.held}</td><td>gauge, effects held back by a standby</td></tr>
 * <tr><td>{@code convene.shard.outbox}</td><td>gauge, effects of an owner that are not acknowledged yet</td></tr>
 * <tr><td>{@code convene.snapshot.age}</td><td>gauge, seconds since the newest snapshot was taken</td></tr>
 * <tr><td>{@code convene.snapshot.bytes}</td><td>gauge, size of the newest snapshot</td></tr>
 * <tr><td>{@code convene.snapshot.write}</td><td>timer, from the beginning of a snapshot to its last chunk</td></tr>
 * <tr><td>{@code convene.snapshot.pause}</td><td>timer, how long the shard's thread wrote one out by itself</td></tr>
 * <tr><td>{@code convene.append.latency}</td><td>timer by {@code writer} and {@code topic}, to the acknowledgement</td></tr>
 * <tr><td>{@code convene.append.bytes}</td><td>gauge by {@code writer}, not acknowledged yet</td></tr>
 * </table>
 */
@NullMarked
package dev.convene.runtime.host;

import org.jspecify.annotations.NullMarked;
