package io.microservicekit.messaging.core;

import java.util.List;
import java.util.Set;

/** Prints the digest of the event log of one random run: a program, to be run in JVMs of its own. */
final class ScenarioDigest {
    private ScenarioDigest() {}

    /** With {@code -Dplanted} the scenario iterates over a {@code Set.of}, whose order differs from JVM to JVM. */
    public static void main(String[] args) {
        try (RandomScenario scenario = new RandomScenario(Long.parseLong(args[0]), new Marks())) {
            boolean planted = Boolean.getBoolean("planted");
            scenario.run(planted ? Set.of("a", "b", "c", "d", "e", "f", "g", "h") : List.of());
            System.out.println(scenario.digest());
        }
    }
}
