package io.microservicekit.messaging.core.internal;

import io.microservicekit.messaging.api.message.BatchResult;
import io.microservicekit.messaging.api.message.BatchSendException;
import io.microservicekit.messaging.api.message.ErrorCode;
import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.MessagingException;
import io.microservicekit.messaging.api.message.SendException;
import io.microservicekit.messaging.api.message.SendOutcome;
import io.microservicekit.messaging.api.message.SendResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One batch on its caller's thread: hands over message by message as there is room, then waits for the outcome of each. */
final class BatchSending {
    private static final Duration UNNOTICED = SendPath.GRACE.dividedBy(2);

    private final SendPath path;
    private final List<Message> messages;
    private final Duration timeout;
    private final long deadline;
    private final List<CompletableFuture<SendResult>> sent;
    private @Nullable MessagingException stopped;

    BatchSending(SendPath path, List<Message> messages, Duration timeout) {
        this.path = path;
        this.messages = messages;
        this.timeout = timeout;
        this.deadline = now() + timeout.toNanos();
        this.sent = new ArrayList<>(messages.size());
    }

    /** All of them delivered, or an exception that tells of each. */
    BatchResult send() {
        try {
            handOverAll();
        } catch (MessagingException e) {
            stopped = e;
        }
        BatchResult result = outcomes();
        if (result.allDelivered()) {
            return result;
        }
        throw new BatchSendException(text(result), result);
    }

    private void handOverAll() {
        for (Message message : messages) {
            long bytes = message.sizeBytes();
            Duration left = left();
            if (!path.takeRoom(bytes)) {
                left = path.awaitRoom(message, bytes, left);
            } else if (left.isZero()) {
                path.decided(bytes);
                throw path.observed(message, outOfTime(message));
            }
            sent.add(path.handOver(message, bytes, limit(left)));
        }
    }

    /** What is left of the batch's time; the whole of it as long as the grace makes up for the difference: a driver may need a timer for any other. */
    private Duration limit(Duration left) {
        return timeout.minus(left).compareTo(UNNOTICED) < 0 ? timeout : left;
    }

    private SendException outOfTime(Message message) {
        return SendErrors.notTried(
                ErrorCode.TIMEOUT,
                "Sending to " + SendErrors.topicOf(message),
                "the batch took its whole time of " + timeout + " before the turn of this message came.",
                null);
    }

    private BatchResult outcomes() {
        List<BatchResult.Entry> entries = new ArrayList<>(messages.size());
        for (int i = 0; i < messages.size(); i++) {
            entries.add(i < sent.size() ? outcome(i) : notHandedOver(i));
        }
        return new BatchResult(entries);
    }

    private BatchResult.Entry outcome(int index) {
        try {
            SendResult result = path.await(messages.get(index), sent.get(index), timeout, leftWithGrace());
            return new BatchResult.Entry(index, SendOutcome.DELIVERED, result, null);
        } catch (MessagingException e) {
            return failed(index, e);
        }
    }

    /** What stopped one message stopped those behind it. The observer knows of the first. */
    private BatchResult.Entry notHandedOver(int index) {
        MessagingException reason = Objects.requireNonNull(stopped, "why the batch was not handed over");
        return failed(index, index == sent.size() ? reason : path.observed(messages.get(index), reason));
    }

    private static BatchResult.Entry failed(int index, MessagingException error) {
        return new BatchResult.Entry(index, SendErrors.outcomeOf(error), null, error);
    }

    /** One grace for the whole batch: messages without an outcome do not wait one after the other. */
    private Duration leftWithGrace() {
        return Duration.ofNanos(Math.max(0, deadline + SendPath.GRACE.toNanos() - now()));
    }

    private Duration left() {
        return Duration.ofNanos(Math.max(0, deadline - now()));
    }

    private long now() {
        return path.parts().runtime().nanoTime();
    }

    private static String text(BatchResult result) {
        return "Sending a batch of " + result.entries().size() + " messages ended with "
                + result.count(SendOutcome.DELIVERED) + " delivered, " + result.count(SendOutcome.NOT_DELIVERED)
                + " not delivered, " + result.count(SendOutcome.UNKNOWN)
                + " unknown. result() tells of each; those not delivered can be sent again, of those unknown that may make"
                + " duplicates.";
    }
}
