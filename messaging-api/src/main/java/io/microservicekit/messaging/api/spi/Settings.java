package io.microservicekit.messaging.api.spi;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The settings that all backends share, as set on the client builder. Immutable.
 *
 * @param brokers the broker addresses as given, empty when none was set
 */
public record Settings(List<String> brokers) {
    /**
     * Copies the list.
     *
     * @param brokers see the component
     */
    public Settings {
        brokers = Collections.unmodifiableList(new ArrayList<>(brokers));
    }
}
