package io.microservicekit.messaging.api.message;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * At least one message of a batch was not confirmed by the broker. {@link #result()} tells what became of each; the cause is the error of the first
 * one that was not delivered.
 */
public final class BatchSendException extends SendException {
    private static final long serialVersionUID = 1L;

    /** What became of each message. */
    private final transient @Nullable BatchResult result;

    /**
     * A batch that was not delivered as a whole.
     *
     * @param message what was attempted, how it ended, what to do; null for what the cause says
     * @param result what became of each message
     */
    public BatchSendException(@Nullable String message, BatchResult result) {
        super(ErrorCode.BATCH_SEND, outcome(result), message, firstError(result));
        this.result = result;
    }

    private static SendOutcome outcome(BatchResult result) {
        Objects.requireNonNull(result, "result");
        boolean none =
                result.count(SendOutcome.NOT_DELIVERED) == result.entries().size();
        return none ? SendOutcome.NOT_DELIVERED : SendOutcome.UNKNOWN;
    }

    private static @Nullable Throwable firstError(BatchResult result) {
        return result.entries().stream()
                .filter(entry -> entry.outcome() != SendOutcome.DELIVERED)
                .findFirst()
                .map(BatchResult.Entry::error)
                .orElse(null);
    }

    /**
     * What became of the batch as a whole.
     *
     * @return {@link SendOutcome#NOT_DELIVERED} when that is the outcome of each message, so that the whole batch is safe to send again; else
     *     {@link SendOutcome#UNKNOWN}: look at each message
     */
    @Override
    public SendOutcome outcome() {
        return super.outcome();
    }

    /**
     * What became of each message.
     *
     * @return the result; empty in a copy of this exception that was serialized
     */
    public BatchResult result() {
        return result == null ? new BatchResult(List.of()) : result;
    }
}
