package io.microservicekit.messaging.api.spi;

import io.microservicekit.messaging.api.BackendOptions;

/**
 * The door of an adapter, found by {@link java.util.ServiceLoader}: registered by {@code provides … with} in its module descriptor and, with the
 * same content, in {@code META-INF/services}. Has a public constructor without parameters that does nothing.
 */
public interface BackendProvider {
    /**
     * The type users name it by.
     *
     * @return lower case, unique among all providers, for example {@code kafka}
     */
    String type();

    /**
     * The class of its options; the client checks it before {@link #open}.
     *
     * @return the options class
     */
    Class<? extends BackendOptions> optionsType();

    /**
     * Options made from the settings that are common to all backends.
     *
     * @param settings what the user set on the client builder
     * @return options of {@link #optionsType()}
     * @throws io.microservicekit.messaging.api.message.InvalidConfigurationException NO_BROKERS, INVALID_CONFIG
     */
    BackendOptions options(Settings settings);

    /**
     * Opens a backend. Checks the version of its client library against its floor; does no I/O yet: the client calls {@link Backend#probe()} next.
     *
     * @param options options of {@link #optionsType()}
     * @param context what the client lends
     * @return the opened backend
     * @throws io.microservicekit.messaging.api.message.MessagingException INVALID_CONFIG, CREATE_CLIENT
     */
    Backend open(BackendOptions options, BackendContext context);
}
