package io.microservicekit.messaging.testkit.junit.internal;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a local node is started with.
 *
 * @param installation where its programs are
 * @param settings what the test chose
 * @param directory where the node keeps its data after it is closed; null for a temporary directory
 * @param startTimeout how long a start may take
 */
public record RabbitMqPlan(
        RabbitMqInstallation installation,
        RabbitMqSettings settings,
        @Nullable Path directory,
        Duration startTimeout) {}
