package io.microservicekit.messaging.testkit;

import io.microservicekit.messaging.api.BackendOptions;

/** The options of backend type {@code memory}: which {@link MemoryBroker} the client connects to. Immutable; made by {@link MemoryBroker#options()}. */
public final class MemoryOptions implements BackendOptions {
    /** The backend type: {@code memory}. */
    public static final String TYPE = "memory";

    private final MemoryBroker broker;

    MemoryOptions(MemoryBroker broker) {
        this.broker = broker;
    }

    /**
     * The broker that a client with these options connects to.
     *
     * @return the broker
     */
    public MemoryBroker broker() {
        return broker;
    }

    @Override
    public String backendType() {
        return TYPE;
    }
}
