package io.microservicekit.messaging.api;

/**
 * What a client has open at one moment. Immutable.
 *
 * @param producerCount producers made from it and not closed
 * @param consumerCount consumers made from it and not closed
 * @param closed whether {@link MessagingClient#close()} or {@link MessagingClient#shutdown} was called
 */
public record ClientStats(int producerCount, int consumerCount, boolean closed) {}
