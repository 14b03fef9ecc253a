package io.microservicekit.messaging.examples;

import io.microservicekit.messaging.api.MessagingClient;
import io.microservicekit.messaging.core.MessagingClients;
import io.microservicekit.messaging.core.MessagingConfig;
import java.util.List;
import java.util.Map;

/** A client from a map, as a YAML file gives it, and from the environment. */
final class ConfiguredClient {
    private ConfiguredClient() {}

    static MessagingClient open() {
        // tag::configured[]
        MessagingConfig file = MessagingConfig.from(Map.of(
                "brokers", List.of("localhost:9092"),
                "connect_timeout", "5s",
                "kafka", Map.of("revoke_drain", "2s", "fetch.max.wait.ms", 100)));
        MessagingConfig environment = MessagingConfig.fromEnvironment(System.getenv());
        MessagingClient client =
                MessagingClients.builder().config(file).config(environment).build();
        // end::configured[]
        return client;
    }
}
