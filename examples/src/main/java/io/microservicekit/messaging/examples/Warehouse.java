package io.microservicekit.messaging.examples;

import io.microservicekit.messaging.api.MessageHandler;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import java.time.Duration;

/** Handles the orders of the story: one fails twice, one always, one takes its time. */
final class Warehouse implements MessageHandler {
    static final String BUSY = "payment service is busy";
    static final String NO_STOCK = "no stock";
    private static final Duration SLOW = Duration.ofMillis(1500);

    @Override
    public void handle(ReceivedMessage message) throws InterruptedException {
        String id = Order.idOf(message);
        if (id.equals(Script.BUSY.id()) && message.attempt() <= 2) {
            throw new IllegalStateException(BUSY);
        }
        if (id.equals(Script.NO_STOCK.id())) {
            throw new IllegalStateException(NO_STOCK);
        }
        if (id.equals(Script.SLOW.id())) {
            Thread.sleep(SLOW.toMillis());
        }
    }
}
