/** The one static door to the client, its builder, and the metrics snapshot. */
@NullMarked
package io.microservicekit.messaging.core;

import org.jspecify.annotations.NullMarked;
