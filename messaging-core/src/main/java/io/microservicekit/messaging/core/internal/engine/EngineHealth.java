package io.microservicekit.messaging.core.internal.engine;

import io.microservicekit.messaging.api.SubscriptionState;
import io.microservicekit.messaging.api.UnfinishedMessage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a subscription's engine says of itself.
 *
 * @param oldest the message that was received first and is not finished, null when there is none
 */
public record EngineHealth(
        SubscriptionState state,
        List<String> reasons,
        long inFlight,
        long parked,
        @Nullable UnfinishedMessage oldest) {
    /** Of an engine that has nothing in its hands. */
    static EngineHealth idle(SubscriptionState state, List<String> reasons) {
        return new EngineHealth(state, reasons, 0, 0, null);
    }
}
