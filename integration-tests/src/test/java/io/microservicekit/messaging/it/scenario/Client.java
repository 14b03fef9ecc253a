package io.microservicekit.messaging.it.scenario;

import io.microservicekit.messaging.api.BackendOptions;
import io.microservicekit.messaging.api.ConsumerOptions;
import io.microservicekit.messaging.it.accounting.Order;

/**
 * What one client works on.
 *
 * @param backend the broker
 * @param options the client's
 * @param consuming its consumer's
 * @param partitions of its topic
 * @param perSecond how many messages it sends
 * @param duplicates how many messages one fault may bring again, by what this backend promises
 * @param order what of its order this backend promises
 */
public record Client(
        BackendUnderTest backend,
        BackendOptions options,
        ConsumerOptions consuming,
        int partitions,
        int perSecond,
        int duplicates,
        Order order) {

    /** Returns the same client where a fault changes the order. */
    public Client unordered() {
        return new Client(backend, options, consuming, partitions, perSecond, duplicates, Order.NONE);
    }
}
