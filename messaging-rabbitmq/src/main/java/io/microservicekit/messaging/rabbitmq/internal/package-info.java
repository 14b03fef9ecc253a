/** The RabbitMQ adapter. */
@NullMarked
package io.microservicekit.messaging.rabbitmq.internal;

import org.jspecify.annotations.NullMarked;
