package dev.convene.runtime.host.log;

import dev.convene.protocol.ErrorCode;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/**
 * An append that was not acknowledged. Kafka's exceptions become an outcome here and nowhere else.
 *
 * <p>The rule: what failed before it was handed to the network, and what no broker would ever take, did not happen.
 * Everything else may have happened, now or later: an earlier attempt of the same append may have been written although
 * the last one failed with an error that sounds final.
 */
public final class AppendException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What is known about the record. */
    public enum Outcome {
        /** It is not in the log and will not be. */
        DID_NOT_HAPPEN,
        /** It may be in the log, or come to be. */
        UNKNOWN
    }

    private final Outcome outcome;
    private final ErrorCode code;

    private AppendException(Outcome outcome, ErrorCode code, String message, Throwable cause) {
        super(message, cause, false, false);
        this.outcome = outcome;
        this.code = code;
    }

    /** What is known about the record. */
    public Outcome outcome() {
        return outcome;
    }

    /** The error for a client. */
    public ErrorCode code() {
        return code;
    }

    /** The writer has too much in flight; nothing was sent. */
    static AppendException overloaded(long bytesInFlight) {
        String message = "not appended: " + bytesInFlight + " bytes are in flight already";
        return new AppendException(
                Outcome.DID_NOT_HAPPEN, ErrorCode.OVERLOADED, message, new IllegalStateException(message));
    }

    /** The brokers are away; nothing was sent. */
    static AppendException unavailable() {
        String message = "not appended: the brokers are away";
        return new AppendException(
                Outcome.DID_NOT_HAPPEN, ErrorCode.UNAVAILABLE, message, new IllegalStateException(message));
    }

    /** The writer is closed; nothing was sent. */
    static AppendException closed() {
        String message = "not appended: the writer is closed";
        return new AppendException(
                Outcome.DID_NOT_HAPPEN, ErrorCode.SHUTTING_DOWN, message, new IllegalStateException(message));
    }

    /** The record never reached the network. */
    static AppendException beforeSending(Throwable cause) {
        if (cause instanceof RecordTooLargeException) {
            return tooLarge(cause);
        }
        ErrorCode code = cause instanceof SerializationException ? ErrorCode.INTERNAL : ErrorCode.UNAVAILABLE;
        return new AppendException(Outcome.DID_NOT_HAPPEN, code, "not appended: " + cause.getMessage(), cause);
    }

    /** The record was handed to the network and no acknowledgement came. */
    public static AppendException afterSending(Throwable cause) {
        return switch (cause) {
            case RecordTooLargeException e -> tooLarge(e);
            case RecordBatchTooLargeException e -> tooLarge(e);
            case InvalidTopicException e ->
                new AppendException(Outcome.DID_NOT_HAPPEN, ErrorCode.INTERNAL, "not appended: " + e.getMessage(), e);
            case AuthorizationException e ->
                new AppendException(Outcome.UNKNOWN, ErrorCode.OUTCOME_UNKNOWN, "refused: " + e.getMessage(), e);
            default ->
                new AppendException(
                        Outcome.UNKNOWN, ErrorCode.OUTCOME_UNKNOWN, "perhaps appended: " + cause.getMessage(), cause);
        };
    }

    private static AppendException tooLarge(Throwable cause) {
        return new AppendException(
                Outcome.DID_NOT_HAPPEN, ErrorCode.MESSAGE_TOO_LARGE, "not appended: " + cause.getMessage(), cause);
    }

    /** Whether the producer that failed so is of no use any more. */
    static boolean isFatal(Throwable failure) {
        return failure instanceof ProducerFencedException
                || failure instanceof InvalidProducerEpochException
                || failure instanceof OutOfOrderSequenceException
                || failure instanceof UnsupportedVersionException;
    }
}
