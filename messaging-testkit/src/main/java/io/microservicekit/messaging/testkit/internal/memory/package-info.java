/** The state of the in-memory broker, guarded by one lock, and the adapter over it; knows the api only. */
@NullMarked
package io.microservicekit.messaging.testkit.internal.memory;

import org.jspecify.annotations.NullMarked;
