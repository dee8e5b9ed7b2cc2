/**
 * Snapshots in Kafka: chunks in a topic beside the log, and one manifest for each snapshot that is complete. Readers
 * trust manifests and digests only. What snapshots are kept decides what of the log is kept.
 */
@NullMarked
package dev.convene.runtime.host.snapshot;

import org.jspecify.annotations.NullMarked;
