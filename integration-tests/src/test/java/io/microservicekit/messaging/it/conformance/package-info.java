/** Each scenario on each backend that promises it: what a new backend must pass. The scenarios stand in the package {@code scenario}. */
@NullMarked
package io.microservicekit.messaging.it.conformance;

import org.jspecify.annotations.NullMarked;
