package io.microservicekit.messaging.testkit.junit.internal;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.testcontainers.DockerClientFactory;

/** Starts nodes by Testcontainers. */
public final class DockerContainers implements RabbitMqContainers {
    private final BooleanSupplier docker;

    /** Asks the Docker of this machine. */
    public DockerContainers() {
        this(() -> DockerClientFactory.instance().isDockerAvailable());
    }

    DockerContainers(BooleanSupplier docker) {
        this.docker = docker;
    }

    @Override
    public RabbitMqNode start(String image, RabbitMqSettings settings, Duration startTimeout) {
        String attempt = "starting RabbitMQ from the image '" + image + "'";
        if (!settings.isPlain()) {
            throw new UnsupportedOperationException(attempt + " with the settings " + settings.chosenNames()
                    + " was refused: TLS and advanced settings need a node from an installation; remove "
                    + RabbitMqLookup.IMAGE_VARIABLE);
        }
        if (!docker.getAsBoolean()) {
            throw new IllegalStateException(
                    attempt + " failed: no Docker engine answers; start one (see DOCKER_HOST), or" + " remove "
                            + RabbitMqLookup.IMAGE_VARIABLE + " so that a node is started from an installation");
        }
        return ContainerRabbitMq.start(image, settings, startTimeout);
    }
}
