/** What all tests on brokers share: the fault they show, and bounds on a real clock. */
@NullMarked
package io.microservicekit.messaging.it;

import org.jspecify.annotations.NullMarked;
