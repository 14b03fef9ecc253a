/** Messages, their positions and outcomes, and the errors; needs no other package. */
@NullMarked
package io.microservicekit.messaging.api.message;

import org.jspecify.annotations.NullMarked;
