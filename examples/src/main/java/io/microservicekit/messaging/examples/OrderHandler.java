package io.microservicekit.messaging.examples;

import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.api.MessageHandler;
import io.microservicekit.messaging.api.RetryPolicy;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import java.time.Duration;
import java.util.Set;

/** A handler as an application has it: fails orders of items that are not in stock. */
public final class OrderHandler implements MessageHandler {
    private final Set<String> stock;

    /**
     * A handler for a given stock.
     *
     * @param stock the items that can be ordered
     */
    public OrderHandler(Set<String> stock) {
        this.stock = stock;
    }

    /**
     * How orders are consumed: three retries after 1 s, 2 s and 4 s, then the dead-letter queue {@code orders-dlq}.
     *
     * @return the options
     */
    public static ConsumerOptions options() {
        return ConsumerOptions.builder()
                .retry(RetryPolicy.exponential(3, Duration.ofSeconds(1)))
                .deadLetterQueue("orders-dlq")
                .build();
    }

    @Override
    public void handle(ReceivedMessage message) {
        if (!stock.contains(message.valueText())) {
            throw new IllegalStateException("no stock");
        }
    }
}
