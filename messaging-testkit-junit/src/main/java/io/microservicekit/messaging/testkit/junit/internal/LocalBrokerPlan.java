package io.microservicekit.messaging.testkit.junit.internal;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a local broker is started with.
 *
 * @param library the directory with the broker's jars
 * @param properties the settings that the test chose
 * @param directory where the broker keeps its data after it is closed; null for a temporary directory
 * @param startTimeout how long a start may take
 * @param proxied the listener behind a proxy; null for none
 */
public record LocalBrokerPlan(
        Path library,
        BrokerProperties properties,
        @Nullable Path directory,
        Duration startTimeout,
        @Nullable ProxiedListener proxied) {}
