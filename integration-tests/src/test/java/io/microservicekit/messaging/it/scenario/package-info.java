/** Promises shown by a whole client, whatever the backend, and what is needed to account for them. */
@NullMarked
package io.microservicekit.messaging.it.scenario;

import org.jspecify.annotations.NullMarked;
