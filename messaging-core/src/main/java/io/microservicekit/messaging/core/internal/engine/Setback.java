package io.microservicekit.messaging.core.internal.engine;

/** What is known of a message whose attempt failed, until it is handled in some way. */
final class Setback {
    final Stall stall;
    Throwable cause;
    ParkKind parkKind = ParkKind.RETRY;

    /** Its coming attempt, and how often its dead letter failed or it blocked its lane. */
    int attempt = 1;

    int failures;
    boolean exhausted;
    LetterForm letter = LetterForm.FULL;

    Setback(Throwable cause) {
        this(cause, new Stall());
    }

    private Setback(Throwable cause, Stall stall) {
        this.cause = cause;
        this.stall = stall;
    }

    Setback copy() {
        Setback copy = new Setback(cause, stall);
        copy.parkKind = parkKind;
        copy.attempt = attempt;
        copy.failures = failures;
        copy.exhausted = exhausted;
        copy.letter = letter;
        return copy;
    }

    String dump(boolean parked) {
        return (parked ? " " + parkKind : "") + " attempt=" + attempt + " failures=" + failures
                + (exhausted ? " exhausted" : "") + (letter == LetterForm.FULL ? "" : " " + letter);
    }
}
