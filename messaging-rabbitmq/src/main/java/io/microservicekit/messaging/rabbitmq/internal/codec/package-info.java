/** How a message is written as AMQP properties and body, and read again: pure functions. */
@NullMarked
package io.microservicekit.messaging.rabbitmq.internal.codec;

import org.jspecify.annotations.NullMarked;
