package io.microservicekit.messaging.kafka.internal.shared;

import java.util.function.BooleanSupplier;

/** Something that stays true once it is, and is not asked again then. */
public final class Proof {
    private final BooleanSupplier question;
    private volatile boolean given;

    /** Not given yet. */
    public Proof(BooleanSupplier question) {
        this.question = question;
    }

    /** Whether it is true by now. */
    public boolean isGiven() {
        if (!given && question.getAsBoolean()) {
            given = true;
        }
        return given;
    }
}
