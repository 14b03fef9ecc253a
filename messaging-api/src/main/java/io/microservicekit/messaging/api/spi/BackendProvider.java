package io.microservicekit.messaging.api.spi;

import io.microservicekit.messaging.api.BackendOptions;
import java.util.Set;

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
     * The keys of a configuration that this backend reads, without its type as prefix: its own in lower case with underscores
     * ({@code revoke_drain}), and the driver's as the driver names them. A key that is not among them is an error, with the nearest one as the
     * suggestion; one that is refused with a reason of its own should be among them.
     *
     * @return the keys, in a fixed order
     */
    Set<String> keys();

    /**
     * Options made from settings: the addresses, and values by the backend's own {@link #keys()}. What cannot be read is left to
     * {@link Settings#violations()}, which the client reports together with everything else.
     *
     * @param settings what the user set on the client builder and in its configurations
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
