/** The consumer: a state machine over the narrow link, confined to the loop of its connection. */
@NullMarked
package io.microservicekit.messaging.rabbitmq.internal.consume;

import org.jspecify.annotations.NullMarked;
