/** The rules of the house: what depends on what, where state and time may live, how large things grow, and whether what is published boots. */
@NullMarked
package io.microservicekit.messaging.arch;

import org.jspecify.annotations.NullMarked;
