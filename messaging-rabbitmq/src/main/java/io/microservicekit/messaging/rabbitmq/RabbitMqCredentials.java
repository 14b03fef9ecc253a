package io.microservicekit.messaging.rabbitmq;

import io.microservicekit.messaging.api.Secret;
import java.util.Objects;

/**
 * Who we are. Immutable.
 *
 * @param user the user
 * @param password the password
 */
public record RabbitMqCredentials(String user, Secret password) {
    /**
     * Checks that nothing is missing.
     *
     * @param user see the component
     * @param password see the component
     */
    public RabbitMqCredentials {
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(password, "password");
    }
}
