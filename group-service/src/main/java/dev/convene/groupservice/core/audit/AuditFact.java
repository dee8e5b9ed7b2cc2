package dev.convene.groupservice.core.audit;

import java.util.Map;

/**
 * Something that was decided. The same fact may be published more than once (the owner changed in between): log, partition,
 * position and index name it.
 *
 * @param kind what it is, such as {@code session-ended}
 * @param log the log that decided
 * @param partition its partition
 * @param position the record's offset
 * @param index tells apart the facts of one record, from 0
 * @param details what belongs to the kind
 */
public record AuditFact(String kind, String log, int partition, long position, int index, Map<String, Object> details) {

    AuditFact in(int otherPartition) {
        return new AuditFact(kind, log, otherPartition, position, index, details);
    }
}
