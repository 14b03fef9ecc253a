/** Maps the ports of the messaging client onto the Kafka client; split by what makes each class change. */
@NullMarked
package io.microservicekit.messaging.kafka.internal;

import org.jspecify.annotations.NullMarked;
