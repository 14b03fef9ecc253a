package io.microservicekit.messaging.testkit.junit.internal;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Where the machine says that a RabbitMQ node is: a URL, else an image, else an installation to start one from. */
public final class RabbitMqLookup {
    static final String URL_PROPERTY = "messaging.rabbitmq.url";
    static final String URL_VARIABLE = "MESSAGING_RABBITMQ_URL";
    static final String HOME_PROPERTY = "messaging.rabbitmq.home";
    static final String HOME_VARIABLE = "MESSAGING_RABBITMQ_HOME";
    static final String IMAGE_PROPERTY = "messaging.rabbitmq.image";
    static final String IMAGE_VARIABLE = "MESSAGING_RABBITMQ_IMAGE";

    private static final String REMEDY = "run 'apt-get install -y --no-install-recommends rabbitmq-server' (Debian or"
            + " Ubuntu), or unpack RabbitMQ elsewhere and give its directory as -D" + HOME_PROPERTY + " or "
            + HOME_VARIABLE + "; or give the URL of a running node as -D" + URL_PROPERTY + " or " + URL_VARIABLE;

    private final UnaryOperator<@Nullable String> property;
    private final UnaryOperator<@Nullable String> variable;
    private final Path system;

    RabbitMqLookup(UnaryOperator<@Nullable String> property, UnaryOperator<@Nullable String> variable, Path system) {
        this.property = property;
        this.variable = variable;
        this.system = system;
    }

    /** Looks into the system properties, then into the environment of this JVM, then at what is installed. */
    public static RabbitMqLookup ofThisJvm() {
        return new RabbitMqLookup(System::getProperty, System::getenv, Path.of("/"));
    }

    /** The URL of a node that runs already, if the machine names one. */
    public Optional<URI> url() {
        return value(URL_PROPERTY, URL_VARIABLE).map(RabbitMqLookup::amqp);
    }

    /** The image to start a container from, if the machine names one. */
    public Optional<String> image() {
        return value(IMAGE_PROPERTY, IMAGE_VARIABLE);
    }

    /** The installation to start a node from. */
    public RabbitMqInstallation installation() {
        Optional<Path> given = value(HOME_PROPERTY, HOME_VARIABLE).map(Path::of);
        return given.map(RabbitMqLookup::in)
                .orElseGet(() -> RabbitMqInstallation.inSystem(system)
                        .orElseThrow(() -> missing("neither its URL is given nor is RabbitMQ installed in "
                                + RabbitMqInstallation.DEBIAN_SCRIPTS)));
    }

    private static RabbitMqInstallation in(Path home) {
        // A system has sbin/rabbitmq-server too, the one that changes the user.
        return RabbitMqInstallation.inSystem(home)
                .or(() -> RabbitMqInstallation.unpacked(home))
                .orElseThrow(() -> missing("'" + home + "' holds neither sbin/rabbitmq-server nor "
                        + RabbitMqInstallation.DEBIAN_SCRIPTS.substring(1) + "/rabbitmq-server"
                        + (Files.isDirectory(home) ? "" : " (it is no directory)")));
    }

    private static URI amqp(String text) {
        try {
            URI url = URI.create(text);
            if ("amqp".equals(url.getScheme()) && url.getHost() != null) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            // The text may hold a password: neither it nor what the parser quotes of it is shown.
        }
        throw missing("what -D" + URL_PROPERTY + " or " + URL_VARIABLE
                + " gives is no URL such as amqp://guest:guest@127.0.0.1:5672/%2F");
    }

    private Optional<String> value(String propertyName, String variableName) {
        return Optional.ofNullable(property.apply(propertyName))
                .filter(text -> !text.isBlank())
                .or(() -> Optional.ofNullable(variable.apply(variableName)).filter(text -> !text.isBlank()));
    }

    private static IllegalStateException missing(String reason) {
        return new IllegalStateException("starting a RabbitMQ node failed: " + reason + "; " + REMEDY);
    }
}
