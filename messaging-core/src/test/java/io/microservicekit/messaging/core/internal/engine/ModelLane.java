package io.microservicekit.messaging.core.internal.engine;

/** What is true of the messages of a holding that are handled one after the other. */
final class ModelLane {
    LetterForm form = LetterForm.FULL;

    /** Failed attempts of the next message, and whether it was announced as exhausted. */
    int attempts;

    boolean exhausted;

    /** The tag that is held, 0 for none. */
    long held;

    /** The offsets behind it that are held with it. */
    int behind;

    ModelLane copy() {
        ModelLane copy = new ModelLane();
        copy.form = form;
        copy.attempts = attempts;
        copy.exhausted = exhausted;
        copy.held = held;
        copy.behind = behind;
        return copy;
    }

    /** Its next message is another one. */
    void advance() {
        attempts = 0;
        exhausted = false;
        form = LetterForm.FULL;
    }

    String dump() {
        return (form == LetterForm.FULL ? "" : " " + form) + " attempts=" + attempts + (exhausted ? " exhausted" : "")
                + " held=" + held + (behind == 0 ? "" : " behind=" + behind);
    }
}
