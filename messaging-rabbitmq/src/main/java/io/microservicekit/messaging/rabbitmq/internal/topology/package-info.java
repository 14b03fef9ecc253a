/** What has to stand at the broker before messages flow: exchanges, queues, bindings; declared or checked in steps that can say what they were about. */
@NullMarked
package io.microservicekit.messaging.rabbitmq.internal.topology;

import org.jspecify.annotations.NullMarked;
