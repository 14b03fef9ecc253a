/** The default runtime: real threads and the system clock. */
@NullMarked
package io.microservicekit.messaging.core.internal.runtime;

import org.jspecify.annotations.NullMarked;
