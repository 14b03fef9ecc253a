/** Certificates and keys from files, as this Java's TLS wants them. */
@NullMarked
package io.microservicekit.messaging.rabbitmq.internal.tls;

import org.jspecify.annotations.NullMarked;
