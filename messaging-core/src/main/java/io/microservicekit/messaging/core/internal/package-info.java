/** The client, its producers and consumers, and how they are closed; not exported. */
@NullMarked
package io.microservicekit.messaging.core.internal;

import org.jspecify.annotations.NullMarked;
