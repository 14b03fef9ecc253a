/** The link over amqp-client: the only package that touches the driver, but for the codec. */
@NullMarked
package io.microservicekit.messaging.rabbitmq.internal.driver;

import org.jspecify.annotations.NullMarked;
