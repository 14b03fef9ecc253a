/** What several threads touch; each class is named in a model test or a test with threads. */
@NullMarked
package io.microservicekit.messaging.rabbitmq.internal.shared;

import org.jspecify.annotations.NullMarked;
