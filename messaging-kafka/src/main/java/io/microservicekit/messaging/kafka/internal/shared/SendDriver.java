package io.microservicekit.messaging.kafka.internal.shared;

/** The narrow link from the send gate to a driver. */
public interface SendDriver {
    /**
     * Hands a message to the driver without blocking. Never throws. Thread-safe.
     *
     * @return true when the driver will end it, or has; false when it would block: then the message has surely not entered the driver
     */
    boolean trySend(PendingSend send);
}
