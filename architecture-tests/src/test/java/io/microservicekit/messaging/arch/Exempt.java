package io.microservicekit.messaging.arch;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;
import java.util.stream.Stream;

/**
 * A place where a rule does not hold, and why. One that a rule needs no longer fails the test that uses it.
 *
 * @param place a class, nested classes belong to it; or, if it ends with {@code ..}, a package and what is below it
 * @param reason why the rule does not hold there
 */
record Exempt(String place, String reason) {
    /** What two threads touch stands in a package of this name in each module that has any. */
    static final Exempt SHARED = new Exempt(".internal.shared..", "the one place of a module where threads meet");

    /** The default runtime. */
    static final Exempt RUNTIME = packages("core.internal.runtime", "the default runtime: real time, real threads");

    static Exempt type(String nameBelowBase, String reason) {
        return new Exempt(Module.BASE + "." + nameBelowBase, reason);
    }

    /** Classes of the testkit that are its runtime. */
    static List<Exempt> simulation(String... types) {
        return Stream.of(types)
                .map(type -> type("testkit." + type, "the simulated runtime: threads meet here, one runs at a time"))
                .toList();
    }

    private static Exempt packages(String nameBelowBase, String reason) {
        return new Exempt(Module.BASE + "." + nameBelowBase + "..", reason);
    }

    boolean covers(JavaClass type) {
        return covers(type.getPackageName(), type.getName());
    }

    boolean covers(String packageName, String type) {
        if (!place.endsWith("..")) {
            return type.equals(place) || type.startsWith(place + "$");
        }
        String within = place.substring(0, place.length() - 1);
        return (packageName + ".").contains(within);
    }
}
