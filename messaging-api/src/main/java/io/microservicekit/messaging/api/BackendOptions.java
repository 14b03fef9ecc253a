package io.microservicekit.messaging.api;

/** The options of one backend; each adapter has its own class of them. Immutable. */
public interface BackendOptions {
    /**
     * The type of backend they belong to.
     *
     * @return the type in lower case, for example {@code kafka}
     */
    String backendType();
}
