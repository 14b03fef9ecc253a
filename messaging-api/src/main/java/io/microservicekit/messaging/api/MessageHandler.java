package io.microservicekit.messaging.api;

import io.microservicekit.messaging.api.message.ReceivedMessage;

/** Handles one message. */
@FunctionalInterface
public interface MessageHandler {
    /**
     * Handles a message. Returning acknowledges it; throwing makes the attempt a failure, which is retried, dead-lettered, held or discarded as
     * the {@link ConsumerOptions} say. At-least-once: after a crash, a lost assignment or a lost connection the same message may come again.
     *
     * <p><b>Called on</b> a handler thread of the client, named after client and group; one at a time per lane (partition or queue), up to
     * {@code concurrency} lanes at once. It may block, and may send through its own client.
     *
     * <p>An {@link Error} is neither retried nor dead-lettered: the subscription fails and the message stays un-acknowledged. StackOverflowError
     * and AssertionError count as failures of the attempt instead.
     *
     * @param message the message; its arrays must not be written to
     * @throws Exception any exception makes the attempt a failure
     */
    void handle(ReceivedMessage message) throws Exception;
}
