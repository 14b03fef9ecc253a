package io.microservicekit.messaging.core;

/** The one static door to the library. */
public final class MessagingClients {
    private MessagingClients() {}

    /**
     * A builder of a client. By default: type {@code kafka}, connect timeout 10 s, a random client id, platform threads.
     *
     * @return a new builder, not thread-safe
     */
    public static MessagingClientBuilder builder() {
        return new MessagingClientBuilder();
    }
}
