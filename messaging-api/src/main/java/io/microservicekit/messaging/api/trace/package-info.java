/** The port of tracing: spans around sending, processing and settling, and how their context travels in headers. */
@NullMarked
package io.microservicekit.messaging.api.trace;

import org.jspecify.annotations.NullMarked;
