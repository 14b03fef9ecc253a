package io.microservicekit.messaging.rabbitmq;

/** What becomes of a message that no queue takes. */
public enum UnroutablePolicy {
    /** Its send fails with UNROUTABLE, not delivered. */
    FAIL,
    /** Its send succeeds with {@code routed() == false}, and a warning is logged. */
    WARN
}
