package io.microservicekit.messaging.kafka;

import java.util.Locale;

/** How the members of a consumer group agree on who reads which partition. All members of a group use the same. */
public enum KafkaGroupProtocol {
    /** The members assign, by the cooperative sticky assignor: what every broker can do. The default. */
    CLASSIC,
    /** The broker assigns (KIP-848): needs brokers of 4.0 or later, which then also decide on the session timeout. */
    CONSUMER;

    String nativeName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
