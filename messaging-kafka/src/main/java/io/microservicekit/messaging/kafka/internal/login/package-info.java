/** What the driver makes by itself, by reflection: public, and seen by the driver only. */
@NullMarked
package io.microservicekit.messaging.kafka.internal.login;

import org.jspecify.annotations.NullMarked;
