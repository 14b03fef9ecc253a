/** How a client is set up and what it says when that is wrong, on all backends. */
@NullMarked
package io.microservicekit.messaging.it.front;

import org.jspecify.annotations.NullMarked;
