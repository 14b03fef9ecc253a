/** What two threads touch. */
@NullMarked
package io.microservicekit.messaging.rabbitmq.internal.shared;

import org.jspecify.annotations.NullMarked;
