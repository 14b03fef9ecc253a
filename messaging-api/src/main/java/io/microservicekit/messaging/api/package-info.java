/** What an application touches: client, producer, consumer, subscription, and their options. */
@NullMarked
package io.microservicekit.messaging.api;

import org.jspecify.annotations.NullMarked;
