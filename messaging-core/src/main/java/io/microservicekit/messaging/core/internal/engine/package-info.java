/** The consumption engine: a state machine with one writer, and the shell that performs its commands. */
@NullMarked
package io.microservicekit.messaging.core.internal.engine;

import org.jspecify.annotations.NullMarked;
