package io.microservicekit.messaging.examples;

import io.microservicekit.messaging.api.message.Message;
import io.microservicekit.messaging.api.message.ReceivedMessage;
import java.util.Objects;

/** An order of a customer; the orders of one customer go to one partition and are handled in the order sent. */
record Order(String id, String customer, String item) {
    private static final String ID = "order-id";

    /** The order as a message to a topic. */
    Message to(String topic) {
        return Message.builder(topic)
                .keyText(customer)
                .valueText("{\"id\":\"" + id + "\",\"customer\":\"" + customer + "\",\"item\":\"" + item + "\"}")
                .header(ID, id)
                .build();
    }

    /** The id of the order in a message, its dead letter included. */
    static String idOf(ReceivedMessage message) {
        return Objects.requireNonNull(message.headers().text(ID), "every order carries its id");
    }

    @Override
    public String toString() {
        return "order " + id + " (" + item + " for " + customer + ")";
    }
}
