/** The ports that a backend adapter implements and that the engine calls; applications never need them. */
@NullMarked
package io.microservicekit.messaging.api.spi;

import org.jspecify.annotations.NullMarked;
