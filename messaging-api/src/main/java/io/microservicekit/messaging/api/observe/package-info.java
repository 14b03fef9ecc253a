/** The port through which the client tells what happened to messages. */
@NullMarked
package io.microservicekit.messaging.api.observe;

import org.jspecify.annotations.NullMarked;
