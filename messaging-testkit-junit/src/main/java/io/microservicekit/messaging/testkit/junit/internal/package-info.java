/** How a broker process is found, configured, forked, watched and stopped. */
@NullMarked
package io.microservicekit.messaging.testkit.junit.internal;

import org.jspecify.annotations.NullMarked;
