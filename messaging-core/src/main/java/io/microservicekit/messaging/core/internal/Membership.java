package io.microservicekit.messaging.core.internal;

import java.time.Duration;

/** How a producer or consumer belongs to its client. */
interface Membership<T> {
    /** It is closed and counts no more. */
    void left(T member);

    /** Closes the client as well if it was opened for this member alone; whether that was so. */
    default boolean closesClient(Duration limit) {
        return false;
    }
}
