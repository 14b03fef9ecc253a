package io.microservicekit.messaging.testkit.junit.internal;

import com.github.dockerjava.api.DockerClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.testcontainers.containers.Container;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;

/** A node in a container. */
final class ContainerRabbitMq implements RabbitMqNode {
    private static final int AMQP = 5_672;
    private static final int STOP_SECONDS = 30;
    private static final String SETTINGS = "/etc/rabbitmq/conf.d/90-test.conf";

    private final String image;
    private final RabbitMqSettings settings;
    private final Duration startTimeout;
    private final LoopbackPorts ports = LoopbackPorts.free();
    private final GenericContainer<?> container;
    private boolean frozen;

    private ContainerRabbitMq(String image, RabbitMqSettings settings, Duration startTimeout) {
        this.image = image;
        this.settings = settings;
        this.startTimeout = startTimeout;
        this.container = new GenericContainer<>(DockerImageName.parse(image))
                .withCopyToContainer(Transferable.of(settings.plainText()), SETTINGS);
        // The same port again after a restart, which Docker would not give by itself.
        container.setPortBindings(List.of(ports.brokerAddress() + ":" + AMQP));
    }

    static ContainerRabbitMq start(String image, RabbitMqSettings settings, Duration startTimeout) {
        ContainerRabbitMq node = new ContainerRabbitMq(image, settings, startTimeout);
        try {
            node.container.start();
            node.awaitReady();
            return node;
        } catch (RuntimeException | Error e) {
            node.container.stop();
            throw e;
        }
    }

    private void awaitReady() {
        Deadline deadline = Deadline.in(startTimeout);
        while (!AmqpProbe.answers("127.0.0.1", ports.broker())) {
            deadline.pauseOr(() -> new IllegalStateException("starting RabbitMQ from the image '" + image + "' on "
                    + address() + " failed: it was not ready within " + startTimeout + "; the cause is in its log:\n"
                    + container.getLogs()));
        }
    }

    @Override
    public String url() {
        return "amqp://guest:guest@" + address() + "/%2F";
    }

    @Override
    public String address() {
        return ports.brokerAddress();
    }

    @Override
    public String tlsAddress() {
        throw refused("asking for the address with TLS");
    }

    @Override
    public String control(List<String> arguments) {
        // The others may hold a password.
        String attempt = "running 'rabbitmqctl " + arguments.get(0) + "' in a container";
        List<String> command = new ArrayList<>(List.of("rabbitmqctl"));
        command.addAll(arguments);
        try {
            Container.ExecResult result = container.execInContainer(command.toArray(String[]::new));
            if (result.getExitCode() != 0) {
                throw new IllegalStateException(attempt + " failed with status " + result.getExitCode() + ": "
                        + result.getStderr() + result.getStdout());
            }
            return result.getStdout();
        } catch (IOException e) {
            throw new UncheckedIOException(attempt + " failed", e);
        } catch (InterruptedException e) {
            throw Deadline.interrupted(attempt, e);
        }
    }

    /** The counts of quorum queues are up to 5 s old. */
    @Override
    public List<String> queues(String virtualHost) {
        List<String> command =
                new ArrayList<>(List.of("list_queues", "--quiet", "--no-table-headers", "-p", virtualHost));
        command.addAll(List.of("name", "type", "messages_ready", "messages_unacknowledged", "consumers"));
        return control(command).lines().filter(line -> !line.isBlank()).toList();
    }

    @Override
    public long memoryLimit() {
        return settings.memory();
    }

    @Override
    public long pid() {
        throw refused("asking for the process id");
    }

    @Override
    public Path log() {
        throw refused("asking for the log file");
    }

    /** Docker does not kill what is frozen: such a node runs on for a moment. */
    @Override
    public void kill() {
        thaw();
        docker().killContainerCmd(container.getContainerId()).exec();
    }

    @Override
    public void freeze() {
        if (!frozen) {
            docker().pauseContainerCmd(container.getContainerId()).exec();
            frozen = true;
        }
    }

    @Override
    public void thaw() {
        if (frozen) {
            docker().unpauseContainerCmd(container.getContainerId()).exec();
            frozen = false;
        }
    }

    @Override
    public void restart() {
        stop();
        docker().startContainerCmd(container.getContainerId()).exec();
        awaitReady();
    }

    @Override
    public void stop() {
        thaw();
        if (container.isRunning()) {
            docker().stopContainerCmd(container.getContainerId())
                    .withTimeout(STOP_SECONDS)
                    .exec();
        }
    }

    @Override
    public void close() {
        thaw();
        container.stop();
    }

    private DockerClient docker() {
        return container.getDockerClient();
    }

    private UnsupportedOperationException refused(String attempt) {
        return new UnsupportedOperationException(attempt + " of the RabbitMQ node at " + address()
                + " was refused: it runs in a container of the image '" + image + "'; remove "
                + RabbitMqLookup.IMAGE_VARIABLE + " to run this test on an installation");
    }
}
