package io.microservicekit.messaging.arch;

import java.nio.file.Path;
import java.util.Objects;

/** Where the repository is and what it is called there; the build says so by system properties. */
final class House {
    private House() {}

    static Path root() {
        return Path.of(property("messaging.root"));
    }

    static String version() {
        return property("messaging.version");
    }

    static Path scratch(String name) {
        return root().resolve("architecture-tests/target").resolve(name);
    }

    static String property(String name) {
        return Objects.requireNonNull(
                System.getProperty(name), () -> "system property " + name + " is missing: run the tests by Maven");
    }
}
