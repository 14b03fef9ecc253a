/** What {@link java.util.ServiceLoader} finds. */
@NullMarked
package io.microservicekit.messaging.testkit.internal;

import org.jspecify.annotations.NullMarked;
