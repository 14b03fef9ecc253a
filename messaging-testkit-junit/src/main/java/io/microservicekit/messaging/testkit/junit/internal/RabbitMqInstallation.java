package io.microservicekit.messaging.testkit.junit.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * RabbitMQ on this machine: its package, an unpacked archive, or the package in a system tree of its own (as {@code debootstrap} makes them
 * for versions that need newer libraries), which is entered by {@code chroot}.
 *
 * @param system the root directory of the system that it was installed in
 * @param scripts the directory with {@code rabbitmq-server} and {@code rabbitmqctl}, as that system sees it
 */
public record RabbitMqInstallation(Path system, String scripts) {
    /** Not {@code /usr/sbin}, whose scripts change the user and the directory. */
    static final String DEBIAN_SCRIPTS = "/usr/lib/rabbitmq/bin";

    private static final String SERVER = "rabbitmq-server";
    /** The node watches its memory by {@code /proc}, which no other process gets to see in that system. */
    private static final String ENTER = "mount -t proc proc \"$0/proc\" && exec chroot \"$0\" \"$@\"";

    static Optional<RabbitMqInstallation> inSystem(Path system) {
        // Links in a system of its own may be absolute: only that system can follow them.
        Path server = system.resolve(DEBIAN_SCRIPTS.substring(1)).resolve(SERVER);
        return Files.exists(server, LinkOption.NOFOLLOW_LINKS)
                ? Optional.of(new RabbitMqInstallation(real(system), DEBIAN_SCRIPTS))
                : Optional.empty();
    }

    static Optional<RabbitMqInstallation> unpacked(Path home) {
        Path scripts = home.toAbsolutePath().resolve("sbin");
        return Files.exists(scripts.resolve(SERVER))
                ? Optional.of(new RabbitMqInstallation(Path.of("/"), scripts.toString()))
                : Optional.empty();
    }

    private static Path real(Path system) {
        try {
            return system.toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException("finding the directory " + system + " failed", e);
        }
    }

    boolean isOwnSystem() {
        return system.getNameCount() > 0;
    }

    /** What a command must begin with: it stays the process that was started. */
    List<String> prefix() {
        return isOwnSystem() ? List.of("unshare", "--mount", "sh", "-c", ENTER, system.toString()) : List.of();
    }

    List<String> control() {
        List<String> command = new ArrayList<>(prefix());
        command.add(scripts + "/rabbitmqctl");
        return command;
    }

    String server() {
        return scripts + "/" + SERVER;
    }

    /** A path as the processes of the installation see it. */
    String seen(Path path) {
        if (!isOwnSystem()) {
            return path.toString();
        }
        if (!path.startsWith(system)) {
            throw new IllegalArgumentException("keeping a RabbitMQ node in " + path
                    + " was refused: the installation sees the directories below " + system + " only");
        }
        return "/" + system.relativize(path);
    }
}
