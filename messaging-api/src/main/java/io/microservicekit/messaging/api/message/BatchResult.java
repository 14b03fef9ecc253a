package io.microservicekit.messaging.api.message;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What became of each message of a batch. A batch is not atomic: each message has an outcome of its own. Immutable.
 *
 * @param entries one for each message, in the order of the batch: the entry at position {@code i} has the index {@code i}
 */
public record BatchResult(List<Entry> entries) {
    /**
     * Copies the entries.
     *
     * @param entries see the component
     */
    public BatchResult {
        entries = List.copyOf(Objects.requireNonNull(entries, "entries"));
    }

    /**
     * Whether all messages were delivered.
     *
     * @return true when each outcome is {@link SendOutcome#DELIVERED}, and for an empty batch
     */
    public boolean allDelivered() {
        return count(SendOutcome.DELIVERED) == entries.size();
    }

    /**
     * How many messages ended in an outcome.
     *
     * @param outcome the outcome to count
     * @return 0 or more
     */
    public int count(SendOutcome outcome) {
        Objects.requireNonNull(outcome, "outcome");
        int count = 0;
        for (Entry entry : entries) {
            count += entry.outcome == outcome ? 1 : 0;
        }
        return count;
    }

    /**
     * What became of one message.
     *
     * @param index its position in the batch, from 0
     * @param outcome what became of it
     * @param result where it went; null unless delivered
     * @param error why it was not confirmed; null when delivered
     */
    public record Entry(
            int index,
            SendOutcome outcome,
            @Nullable SendResult result,
            @Nullable MessagingException error) {
        /**
         * Checks that there is a result or an error, as the outcome says.
         *
         * @param index see the component
         * @param outcome see the component
         * @param result see the component
         * @param error see the component
         * @throws IllegalArgumentException when a delivered message has no result or an error, or another one a result or no error
         */
        public Entry {
            Objects.requireNonNull(outcome, "outcome");
            boolean delivered = outcome == SendOutcome.DELIVERED;
            if ((result != null) != delivered || (error == null) != delivered) {
                throw new IllegalArgumentException(
                        "Entry " + index + " is " + outcome + " with result " + result + " and error " + error
                                + ": a delivered message has a result and no error, any other an error and no result.");
            }
        }
    }
}
