/** All classes of this module that two threads touch; volatile fields, atomics and locks exist nowhere else. */
@NullMarked
package io.microservicekit.messaging.kafka.internal.shared;

import org.jspecify.annotations.NullMarked;
