package io.microservicekit.messaging.examples;

/** The story could not be told to its end. */
final class StoryBroken extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoryBroken(String message) {
        super(message);
    }
}
