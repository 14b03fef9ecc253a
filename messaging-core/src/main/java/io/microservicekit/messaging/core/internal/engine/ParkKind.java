package io.microservicekit.messaging.core.internal.engine;

/** Why a lane waits. */
enum ParkKind {
    /** For the next attempt by the retry policy. */
    RETRY,
    /** For the next attempt of an exhausted message that blocks its lane. */
    BLOCK,
    /** For the next try to write the dead letter. */
    DEAD_LETTER
}
