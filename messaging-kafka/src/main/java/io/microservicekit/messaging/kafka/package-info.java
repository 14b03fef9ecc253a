/** The options of the Kafka backend. */
@NullMarked
package io.microservicekit.messaging.kafka;

import org.jspecify.annotations.NullMarked;
