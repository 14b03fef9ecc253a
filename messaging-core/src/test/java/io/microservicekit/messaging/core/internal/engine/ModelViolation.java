package io.microservicekit.messaging.core.internal.engine;

/** A promise that does not hold in the model world. */
final class ModelViolation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ModelViolation(String rule) {
        super(rule);
    }

    static void require(boolean holds, String rule) {
        if (!holds) {
            throw new ModelViolation(rule);
        }
    }
}
