/** Spans around what a client does: put around the handler and the adapter when a tracer is there, and nothing at all when there is none. */
@NullMarked
package io.microservicekit.messaging.core.internal.trace;

import org.jspecify.annotations.NullMarked;
