package io.microservicekit.messaging.it.accounting;

/** Thrown for bytes that are no body of this run on this topic; log it as {@link Event.Spoiled}. */
public final class SpoiledBodyException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What is wrong with the bytes. */
    public enum Reason {
        /** Fewer or more bytes than the body says. */
        TORN,
        /** Not written by this run. */
        FOREIGN,
        /** The right length, other bytes. */
        WRONG_CRC,
        /** Sound, and meant for another topic. */
        WRONG_TOPIC
    }

    private final Reason reason;

    SpoiledBodyException(Reason reason, String detail) {
        super(reason + ": " + detail);
        this.reason = reason;
    }

    /** Returns what is wrong. */
    public Reason reason() {
        return reason;
    }
}
