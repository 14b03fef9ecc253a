package io.microservicekit.messaging.core.internal.engine;

import org.jspecify.annotations.Nullable;

/** How much a dead letter carries, from the largest form to the smallest. */
enum LetterForm {
    /** Key, value, the original headers and all of ours. */
    FULL,
    /** Key, value, the original headers and the five of ours that the format demands. */
    FIVE_HEADERS,
    /** The key and the five headers, and that it is a pointer: the value is where it came from. */
    POINTER;

    /** The form to try when this one is too large, null when there is none. */
    @Nullable LetterForm smaller(boolean pointers) {
        return switch (this) {
            case FULL -> FIVE_HEADERS;
            case FIVE_HEADERS -> pointers ? POINTER : null;
            case POINTER -> null;
        };
    }
}
