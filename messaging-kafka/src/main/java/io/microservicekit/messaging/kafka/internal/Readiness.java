package io.microservicekit.messaging.kafka.internal;

import io.microservicekit.messaging.api.spi.BackendListener;
import io.microservicekit.messaging.api.spi.ConsumerSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/**
 * How far a subscription has come: its dead-letter topic exists, its topics exist, the group was joined, and all is pinned. Reports readiness once;
 * from then on topics that are deleted. On the poll thread.
 */
final class Readiness {
    private static final long RECHECK_NANOS = TopicIds.LOOK_NANOS;
    private static final String BACK =
            "they are looked for every 5 s, and read from their beginning when they are there again";
    private static final long PIN_CHECK_NANOS = Duration.ofMillis(50).toNanos();

    private final ConsumerSpec spec;
    private final DriverCalls driver;
    private final PositionResolver resolver;
    private final TopicIds ids;
    private final System.Logger logger;
    private boolean joined;
    private boolean reported;
    private long nextCheck;
    private long resolved;
    private List<String> missing = new ArrayList<>();
    private List<String> gone = new ArrayList<>();

    Readiness(ConsumerSpec spec, DriverCalls driver, PositionResolver resolver, TopicIds ids) {
        this.spec = spec;
        this.driver = driver;
        this.resolver = resolver;
        this.ids = ids;
        this.logger = spec.logger();
    }

    void joined() {
        joined = true;
    }

    /** The group has put us out; the driver joins again. */
    void left() {
        joined = false;
    }

    /** What is still to come, null when nothing is; a rebalance that goes on in order is nothing. */
    @Nullable String impediment(long now, boolean allResolved) {
        if (allResolved) {
            resolved = now;
        }
        if (!missing.isEmpty()) {
            return "topics " + missing + " do not exist; create them, they are looked for every 5 s";
        }
        if (!gone.isEmpty()) {
            return "topics " + gone + " do not exist any more; " + BACK;
        }
        if (!joined) {
            return reported
                    ? "the group has put it out, and it has not joined again yet"
                    : "it has not joined its group yet";
        }
        return reported && now - resolved < RECHECK_NANOS ? null : "its positions are not pinned yet";
    }

    /** Reports readiness when it is reached, and then topics that go; cheap otherwise. */
    void check(long now, boolean allResolved, BackendListener listener) {
        if (reported) {
            noteGone();
            return;
        }
        if (!joined || !allResolved || (nextCheck != 0 && now - nextCheck < 0)) {
            return;
        }
        nextCheck = now + PIN_CHECK_NANOS;
        if (!missing(now) && allPinned()) {
            reported = true;
            resolved = now;
            listener.ready();
        }
    }

    private boolean missing(long now) {
        List<String> absent = new ArrayList<>();
        for (String topic : spec.topics()) {
            if (driver.partitionCount(topic) == 0) {
                absent.add(topic);
            } else {
                ids.isThere(topic);
            }
        }
        if (!absent.equals(missing) && !absent.isEmpty()) {
            logger.log(
                    System.Logger.Level.WARNING,
                    "Group '" + spec.group() + "' is not ready: topics " + absent
                            + " do not exist. Create them; they are looked for every 5 s.");
        }
        missing = absent;
        if (!absent.isEmpty()) {
            nextCheck = now + RECHECK_NANOS;
        }
        return !absent.isEmpty();
    }

    private void noteGone() {
        List<String> before = gone;
        gone = ids.gone();
        if (!before.containsAll(gone)) {
            logger.log(
                    System.Logger.Level.WARNING,
                    "Topics " + gone + " that group '" + spec.group() + "' reads do not exist any more: " + BACK
                            + ". What was in them and not handled is lost.");
        }
    }

    private boolean allPinned() {
        try {
            return spec.topics().stream().allMatch(resolver::pinned);
        } catch (RetriableException e) {
            logger.log(System.Logger.Level.DEBUG, "Reading the commits of group '" + spec.group() + "' failed: " + e);
            return false;
        }
    }
}
