/** The narrow link to the driver: state machines know nothing else of it, and their tests script it. */
@NullMarked
package io.microservicekit.messaging.rabbitmq.internal.link;

import org.jspecify.annotations.NullMarked;
