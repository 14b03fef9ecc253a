package io.microservicekit.messaging.it.accounting;

import java.util.List;
import java.util.stream.Collectors;

/** A history breaks rules of the accounting. */
public final class BrokenPromises extends AssertionError {
    private static final long serialVersionUID = 1;

    public BrokenPromises(String run, List<Violation> violations) {
        super(run + " breaks:\n" + violations.stream().map(Violation::toString).collect(Collectors.joining("\n")));
    }
}
