package io.microservicekit.messaging.benchmarks;

/** What the user would write; the id stands for the message. */
@FunctionalInterface
interface Handler {
    void handle(Long id) throws Exception;
}
