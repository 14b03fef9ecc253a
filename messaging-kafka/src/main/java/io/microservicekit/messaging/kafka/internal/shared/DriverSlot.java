package io.microservicekit.messaging.kafka.internal.shared;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Holds the driver that sends now, if there is one, and what is in its way. One driver is replaced by another while threads send. */
public final class DriverSlot<T> {
    private final AtomicReference<Seen<T>> seen = new AtomicReference<>(new Seen<>(null, null, false));

    private record Seen<T>(@Nullable T driver, @Nullable Impediment impediment, boolean closed) {}

    /** No driver yet, and nothing in its way. */
    public DriverSlot() {}

    /** The driver that sends now, null while there is none. */
    public @Nullable T driver() {
        return now().driver();
    }

    /** Whether a driver is the one that sends now. */
    public boolean isIn(T driver) {
        return now().driver() == driver;
    }

    /** What is in the way, null when nothing is known. */
    public @Nullable Impediment impediment() {
        return now().impediment();
    }

    /** Says what is in the way. */
    public void impeded(Impediment impediment) {
        seen.getAndUpdate(now -> new Seen<>(now.driver(), impediment, now.closed()));
    }

    /** Says that nothing is in the way of a driver; nothing when it is not the one that sends now. */
    public void works(T driver) {
        seen.getAndUpdate(now -> now.driver() == driver ? new Seen<>(driver, null, now.closed()) : now);
    }

    /** Puts a driver into its place; false when this is closed or has one already, and then the caller ends it. */
    public boolean put(T driver) {
        return isFree(seen.getAndUpdate(now -> isFree(now) ? new Seen<>(driver, now.impediment(), false) : now));
    }

    private static boolean isFree(Seen<?> now) {
        return now.driver() == null && !now.closed();
    }

    /** Takes a driver out because of what is in its way; true for the one caller who did, and who ends it. Not once this is closed. */
    public boolean takeOut(T driver, Impediment impediment) {
        Seen<T> before = seen.getAndUpdate(now -> mayGo(now, driver) ? new Seen<>(null, impediment, false) : now);
        return mayGo(before, driver);
    }

    private static <T> boolean mayGo(Seen<T> now, T driver) {
        return now.driver() == driver && !now.closed();
    }

    private Seen<T> now() {
        return Objects.requireNonNull(seen.get(), "there is always something to see");
    }

    public boolean isClosed() {
        return now().closed();
    }

    /** Takes no other driver from now on; the last one, for the caller to end, null when there is none. */
    public @Nullable T close() {
        seen.getAndUpdate(now -> new Seen<>(now.driver(), now.impediment(), true));
        return now().driver();
    }
}
