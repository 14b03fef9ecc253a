package io.microservicekit.messaging.core.internal.engine;

/** A failed attempt. */
record Failure(Verdict verdict, Throwable cause) {
    @Override
    public String toString() {
        return verdict + " " + cause.getClass().getSimpleName();
    }
}
