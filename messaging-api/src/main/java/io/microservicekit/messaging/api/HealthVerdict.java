package io.microservicekit.messaging.api;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * The answer to one question about the health of a client, with reasons. Immutable.
 *
 * @param status how it is
 * @param reasons one sentence for each thing that keeps it from being {@link HealthStatus#UP}; empty when it is. No payload, no secret; control
 *     characters of texts from outside are escaped
 */
public record HealthVerdict(HealthStatus status, List<String> reasons) {
    /**
     * Copies the reasons.
     *
     * @param status see the component
     * @param reasons see the component
     */
    public HealthVerdict {
        Objects.requireNonNull(status, "status");
        reasons = Collections.unmodifiableList(new ArrayList<>(Objects.requireNonNull(reasons, "reasons")));
    }

    /**
     * Whether it is not {@link HealthStatus#DOWN}: what a probe of Kubernetes asks.
     *
     * @return true for UP and DEGRADED
     */
    public boolean passes() {
        return status != HealthStatus.DOWN;
    }
}
