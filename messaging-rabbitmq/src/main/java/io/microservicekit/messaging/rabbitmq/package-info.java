/** The options of the RabbitMQ backend. */
@NullMarked
package io.microservicekit.messaging.rabbitmq;

import org.jspecify.annotations.NullMarked;
