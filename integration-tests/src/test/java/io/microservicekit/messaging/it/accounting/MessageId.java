package io.microservicekit.messaging.it.accounting;

import java.util.Objects;

/**
 * Who a message is, wherever it is seen.
 *
 * @param topic the topic or queue it was meant for
 * @param producer the sender's name, unique in a run
 * @param key the message key, empty for a message without one
 * @param seq a number that rises with each send of this producer and key
 */
public record MessageId(String topic, String producer, String key, long seq) {
    public MessageId {
        Objects.requireNonNull(topic, "topic");
        Objects.requireNonNull(producer, "producer");
        Objects.requireNonNull(key, "key");
    }

    @Override
    public String toString() {
        return topic + "/" + producer + "/" + key + "/" + seq;
    }
}
