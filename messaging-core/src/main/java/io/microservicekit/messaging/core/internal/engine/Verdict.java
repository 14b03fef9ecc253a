package io.microservicekit.messaging.core.internal.engine;

/** What a failed attempt means for its message. */
enum Verdict {
    /** Another attempt is due. */
    RETRY,
    /** No further attempt: the exhausted policy decides. */
    EXHAUSTED,
    /** An Error: the subscription cannot go on. */
    FATAL
}
